import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createHotSoundtrack } from "../../../demo-game/sound/hot-score.ts";
import type { Soundtrack, SoundtrackEvents } from "../../../engine/index.ts";
import { createEmitter } from "../../../engine/emitter.ts";
import { seconds } from "../../../engine/time/units.ts";

/** A soundtrack that writes down what is done to it. */
function soundtrack(name: string, log: string[], state = "playing") {
  const emitter = createEmitter<SoundtrackEvents>(() => undefined);
  const music = {
    on: emitter.on.bind(emitter),
    snapshot: () => ({ state }),
    start: async () => void log.push(`${name} starts`),
    pause: () => void log.push(`${name} pauses`),
    resume: () => undefined,
    save: () => `bar 7 of ${name}`,
    restore: async (saved: unknown) => void log.push(`${name} restores ${String(saved)}`),
    setVolume: (level: number) => log.push(`${name} at ${level} dB`),
    dispose: async () => void log.push(`${name} ends`),
    audioContext: "the page's",
  } as unknown as Soundtrack;
  return { music, bar: (bar: number) => emitter.emit("bar", { bar, audibleAt: seconds(0) }) };
}

const heardAtOnce = (): Promise<void> => Promise.resolve();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a changed score takes over where the old one is, is heard before that ends, and keeps the listeners", async () => {
  const log: string[] = [];
  const [old, next] = [soundtrack("old", log), soundtrack("next", log)];
  const made = [old.music, next.music];
  const heard = async (): Promise<void> => void log.push("next is heard");
  const hot = await createHotSoundtrack(async () => made.shift() ?? old.music, "a score", heard);
  const bars: number[] = [];
  hot.music.on("bar", ({ bar }) => bars.push(bar));
  hot.music.setVolume(-6);
  const swapped = hot.swap("another");
  await vi.runAllTimersAsync();
  await swapped;
  expect(log).toEqual([
    "old at -6 dB",
    "next at -55 dB",
    "next restores bar 7 of old",
    "next starts",
    "next is heard",
    "next at -6 dB",
    "old at -60 dB",
    "old ends",
  ]);
  old.bar(1);
  next.bar(2);
  expect(bars).toEqual([2]);
});

test("a score that is changed while the game is paused takes over paused", async () => {
  const log: string[] = [];
  const made = [soundtrack("old", log, "paused").music, soundtrack("next", log, "paused").music];
  const hot = await createHotSoundtrack(
    async () => made.shift() ?? Promise.reject(new Error("a third one")),
    "a score",
    heardAtOnce,
  );
  const swapped = hot.swap("another");
  await vi.runAllTimersAsync();
  await swapped;
  expect(log.slice(0, 4)).toEqual([
    "next at -55 dB",
    "next restores bar 7 of old",
    "next starts",
    "next pauses",
  ]);
});

test("a score with mistakes leaves the old one playing", async () => {
  const log: string[] = [];
  const old = soundtrack("old", log);
  const make = vi.fn<() => Promise<Soundtrack>>().mockResolvedValueOnce(old.music);
  const hot = await createHotSoundtrack(make, "a score", heardAtOnce);
  make.mockRejectedValueOnce(new Error("moods: required"));
  await expect(hot.swap("nonsense")).rejects.toThrow("moods: required");
  expect(log).toEqual([]);
});

test("of two changes in a row the second takes over from the first, and one with mistakes holds up none", async () => {
  const log: string[] = [];
  const made = ["first", "second", "third"].map((name) => soundtrack(name, log).music);
  const make = async (score: string): Promise<Soundtrack> => {
    const next = score === "nonsense" ? undefined : made.shift();
    if (next === undefined) throw new Error("moods: required");
    return next;
  };
  const hot = await createHotSoundtrack(make, "a score", heardAtOnce);
  const swaps = Promise.allSettled(["another", "nonsense", "a third"].map(hot.swap));
  await vi.runAllTimersAsync();
  expect((await swaps).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(log.filter((line) => /restores|ends/.test(line))).toEqual([
    "second restores bar 7 of first",
    "third restores bar 7 of second",
    "first ends",
    "second ends",
  ]);
});
