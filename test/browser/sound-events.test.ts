import { createSoundtrack, type Soundtrack, type SoundtrackEvents } from "attacca";
import { afterEach, describe, expect, test, vi } from "vitest";
import { block, listen, sleep, until } from "../helpers/game.ts";

const SCORE = "attacca: 1\ntitle: Sound\ntempo: 120\nmoods: { walk: { arousal: 0.5 } }\n";

const open: Soundtrack[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(open.splice(0).map((music) => music.dispose()));
});

async function playing() {
  const music = await createSoundtrack({ score: SCORE, generator: "off" });
  open.push(music);
  const heard = listen(music, "audio");
  await music.start();
  // What a busy machine does to the page is not what is looked at.
  const changes = (): SoundtrackEvents["audio"]["what"][] =>
    heard.map(({ what }) => what).filter((what) => what !== "stalled");
  return { music, heard, changes };
}

const scheduled = (music: Soundtrack): number => music.snapshot().counters["scheduled"] ?? 0;

async function expectToGoOn(music: Soundtrack): Promise<void> {
  const before = scheduled(music);
  await until(() => scheduled(music) > before, 20, "another chunk");
}

/** Chromium has no telephone: the context says that it is interrupted, and stands still as it would then. */
function interrupt({ audioContext }: Soundtrack): () => void {
  const state = vi.spyOn(audioContext, "state", "get").mockReturnValue("interrupted");
  return () => state.mockRestore();
}

/** A headless page is always seen: what it says of that is changed, and told as the browser does. */
function look(visibility: DocumentVisibilityState): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(visibility);
  document.dispatchEvent(new Event("visibilitychange"));
}

describe("what happens to the sound is told and counted", () => {
  test("a context that is suspended and resumed twenty times goes on where it stood each time", async () => {
    const { music, changes } = await playing();
    for (let turn = 0; turn < 20; turn += 1) {
      await music.audioContext.suspend();
      const { time } = music.snapshot();
      await sleep(0.05);
      expect(music.snapshot().time).toBeCloseTo(time, 1);
      await music.start();
    }
    const pairs = Array.from({ length: 20 }, () => ["suspended", "resumed"] as const).flat();
    await until(() => changes().length === 40, 5, "the last event");
    expect(changes()).toEqual(pairs);
    expect(music.stats().audio).toMatchObject({ suspended: 20, resumed: 20 });
    expect(music.stats().faults["audio-interrupted"]).toBe(20);
    await expectToGoOn(music);
  });

  test("a suspended context waits for the game, whatever the player presses", async () => {
    const { music, changes } = await playing();
    await music.audioContext.suspend();
    dispatchEvent(new Event("pointerdown"));
    await sleep(0.5);
    expect(music.audioContext.state).toBe("suspended");
    expect(changes()).toEqual(["suspended"]);
  });

  test.each<[string, () => void]>([
    ["a touch", () => dispatchEvent(new Event("pointerdown"))],
    ["the page's coming back", () => look("visible")],
  ])("an interruption is over with %s, without the game's doing", async (_, sign) => {
    const { music, changes } = await playing();
    const giveBack = interrupt(music);
    await music.audioContext.suspend();
    await until(() => changes().length > 0, 5, "the interruption");
    expect(changes()).toEqual(["interrupted"]);
    giveBack();
    const { time } = music.snapshot();
    sign();
    await until(() => music.audioContext.state === "running", 10, "the sound");
    await until(() => changes().includes("resumed"), 5, "the event");
    expect(music.snapshot().time - time).toBeLessThan(1);
    await expectToGoOn(music);
  });

  test("an interruption that a browser turns into a suspension is over with a touch, too", async () => {
    const { music, changes } = await playing();
    const giveBack = interrupt(music);
    await music.audioContext.suspend();
    await until(() => changes().length > 0, 5, "the interruption");
    giveBack();
    music.audioContext.dispatchEvent(new Event("statechange"));
    dispatchEvent(new Event("keydown"));
    await until(() => changes().includes("resumed"), 10, "the sound");
    expect(changes()).toEqual(["interrupted", "suspended", "resumed"]);
  });

  test("a page that is hidden plays on", async () => {
    const { music, changes } = await playing();
    look("hidden");
    await expectToGoOn(music);
    look("visible");
    expect(changes()).toEqual(["hidden", "shown"]);
    expect(music.stats().audio).toMatchObject({ hidden: 1, shown: 1 });
  });

  test("a page that was blocked is told for how long, one that was hidden or paused is not", async () => {
    const { music, heard } = await playing();
    const stalls = () => heard.filter(({ what }) => what === "stalled").length;
    await sleep(0.3);
    const before = stalls();
    block(0.8);
    await until(() => stalls() > before, 5, "the event");
    const [told] =
      /\d+(?= ms$)/.exec(heard.findLast(({ what }) => what === "stalled")?.message ?? "") ?? [];
    expect(Number(told)).toBeGreaterThanOrEqual(800);
    music.pause();
    const paused = stalls();
    block(0.8);
    music.resume();
    expect(stalls()).toBe(paused);
    look("hidden");
    const hidden = stalls();
    block(0.8);
    await sleep(0.1);
    look("visible");
    expect(stalls()).toBe(hidden);
  });

  test("another sound device changes neither rate nor place of the music", async () => {
    const { music, changes, heard } = await playing();
    const { sampleRate } = music.audioContext;
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    expect(changes()).toEqual(["device-changed"]);
    expect(heard.at(-1)?.message).toContain(`${sampleRate} Hz`);
    await expectToGoOn(music);
  });

  test("a device that fails is started anew", async () => {
    const { music, changes } = await playing();
    await music.audioContext.suspend();
    await until(() => changes().length > 0, 5, "its end");
    music.audioContext.dispatchEvent(new Event("error"));
    await until(() => changes().includes("resumed"), 10, "the sound");
    expect(changes()).toEqual(["suspended", "device-failed", "resumed"]);
  });

  test("nothing is told before the start and after the end", async () => {
    const music = await createSoundtrack({ score: SCORE, generator: "off" });
    const heard = listen(music, "audio");
    look("hidden");
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    await music.dispose();
    look("visible");
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    expect(heard).toEqual([]);
  });
});

describe("what the browser says of its sound device", () => {
  test("is in the numbers for telemetry", async () => {
    const { music } = await playing();
    const played = (): number => music.stats().playback?.playedTime ?? 0;
    const first = played();
    await until(() => played() > first, 10, "time that was played");
    const { underruns = -1, underrunTime = -1, latency = -1 } = music.stats().playback ?? {};
    expect(underruns).toBeGreaterThanOrEqual(0);
    expect(underrunTime).toBeGreaterThanOrEqual(0);
    expect(latency).toBeGreaterThanOrEqual(0);
  });

  test("is left out where the browser says nothing", async () => {
    const { music } = await playing();
    vi.spyOn(
      music.audioContext as AudioContext & { playbackStats: unknown },
      "playbackStats",
      "get",
    ).mockReturnValue(undefined);
    expect(music.stats().playback).toBeUndefined();
  });
});
