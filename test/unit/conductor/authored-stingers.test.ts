import { describe, expect, test } from "vitest";
import type { GameEvent } from "../../../engine/director/event.ts";
import type { Stinger, TakeSpec } from "../../../engine/score/score.ts";
import { bpm, decibels, seconds } from "../../../engine/time/units.ts";
import { countingTake, heard, nearly, RATE, takeSpec } from "../../helpers/authored.ts";
import { rehearse, type Rehearsal, type RehearsalOptions } from "../../helpers/rehearsal.ts";
import { mood, score, stinger, transition } from "../../helpers/score.ts";

/** A bar at 80 bpm, three seconds, in a game whose music is at 60. */
const fanfare = (changes: Partial<TakeSpec> = {}): TakeSpec =>
  takeSpec({ name: "fanfare", tempo: bpm(80), bars: 1, loop: [0, 1], ...changes });

const trigger = (at: number, name = "found"): GameEvent => ({
  kind: "trigger",
  at: seconds(at),
  stinger: name,
});
const go = (at: number, name: string): GameEvent => ({ kind: "location", at: seconds(at), name });

const found = (spec: TakeSpec, changes: Partial<Stinger> = {}): Stinger =>
  stinger("found", {
    take: { name: spec.name, pickup: spec.entry, lasts: seconds((240 * spec.bars) / spec.tempo) },
    ...changes,
  });

interface Options extends Partial<RehearsalOptions> {
  readonly stinger?: Partial<Stinger>;
  /** When the take is in memory; default: from before the start. */
  readonly from?: number;
}

const play = (spec: TakeSpec, options: Options = {}): Promise<Rehearsal> =>
  rehearse({
    score: score({ takes: [spec], stingers: [found(spec, options.stinger), stinger("alarm")] }),
    events: [trigger(2.2)],
    until: 14,
    tick: 0.05,
    takes: { [spec.name]: { at: options.from ?? -1, pcm: countingTake(spec, RATE).pcm } },
    ...options,
  });

/** The one voice of the nth stinger. */
const voice = (id = 0): string => `stinger:${id}:melody`;

describe("a stinger with an authored take", () => {
  test("has its first bar on the frame of the sync point, in its own tempo, once", async () => {
    const result = await play(fanfare());
    const cue = result.cues.find(({ kind }) => kind === "stinger");
    expect(cue).toMatchObject({ at: 3, until: 6 });
    for (const [at, sample] of [
      [3.01, 0.01],
      [4.5, 1.5],
      [5.99, 2.99],
    ] as const) {
      nearly(result, voice(), at, sample * RATE);
    }
    expect(heard(result, voice(), 6.1)).toEqual({ sample: 0, chunks: 0 });
    expect(result.sources).toContain("stinger found authored");
    expect(result.counts["late"]).toBeUndefined();
  });

  test("sounds in no other stem than its own, and over music in any tempo and meter", async () => {
    const spec = fanfare({ meter: "6/8" });
    const result = await play(spec, { stinger: { stems: ["harmony", "bass"] } });
    const voices = new Set(result.played.map((chunk) => chunk.voice));
    expect([...voices].filter((name) => name.startsWith("stinger"))).toEqual([voice()]);
    nearly(result, voice(), 4, RATE);
  });

  test("rings on for its tail, however long, and takes no part of its loop again", async () => {
    const result = await play(fanfare({ bars: 2, loop: [1, 2], tail: seconds(4) }));
    nearly(result, voice(), 8.9, 5.9 * RATE);
    nearly(result, voice(), 12.9, 9.9 * RATE);
    expect(heard(result, voice(), 13.1).sample).toBe(0);
  });

  test("whose pickup is longer than the notice of half a second waits so much longer and has it whole", async () => {
    const result = await play(fanfare({ entry: seconds(1.6) }));
    const cue = result.cues.find(({ kind }) => kind === "stinger");
    // 2.2 s, half a second and the pickup: the next beat is the fifth.
    expect(cue).toMatchObject({ at: 5 });
    const opened = result.opened.find((each) => each.voice === voice());
    expect(opened?.at).toBeCloseTo(5 - 1.6, 3);
    nearly(result, voice(), 3.5, 0.1 * RATE);
    nearly(result, voice(), 5.01, 1.61 * RATE);
    const long = await play(fanfare({ entry: seconds(9) }), { until: 16 });
    expect(long.opened.find((each) => each.voice === voice())?.at).toBeCloseTo(12 - 9, 3);
    nearly(long, voice(), 3.5, 0.5 * RATE);
  });

  test("of a transition begins with the new mood, and its pickup before it as far as there is time", async () => {
    const spec = fanfare({ entry: seconds(1) });
    const result = await play(spec, {
      score: score({
        takes: [spec],
        stingers: [found(spec)],
        transitions: [transition({ stinger: "found" })],
      }),
      events: [go(5.2, "cave")],
    });
    const opened = result.opened.find((each) => each.voice === voice());
    expect(opened?.at).toBeGreaterThan(7.5);
    expect(opened?.at).toBeLessThan(7.7);
    nearly(result, voice(), 8.01, 1.01 * RATE);
  });

  test("ducks the music for its bars", async () => {
    const duck = { by: decibels(-6), attack: seconds(0.1), release: seconds(0.5) };
    const { ducks } = await play(fanfare({ tail: seconds(2) }), { stinger: { duck } });
    expect(ducks).toHaveLength(1);
    const { at = 0, until = 0 } = ducks[0] ?? {};
    expect(until - at).toBeCloseTo(3, 6);
  });

  test("keeps its cooldown and the number that may sound at once", async () => {
    const cooling = await play(fanfare(), {
      events: [trigger(2.2), trigger(3.5)],
      stinger: { cooldown: seconds(4) },
    });
    expect(cooling.counts["problems"]).toBe(1);
    const full = await play(fanfare(), {
      events: [trigger(2.2), trigger(3.2)],
      stinger: { most: 1 },
    });
    expect(full.counts["problems"]).toBe(1);
    const free = await play(fanfare(), { events: [trigger(2.2), trigger(6.2)] });
    expect(free.sources.filter((source) => source === "stinger found authored")).toHaveLength(2);
    nearly(free, voice(1), 8, RATE);
  });

  test("gives way to one of higher priority, and is cut by another mood where it says so", async () => {
    const spec = fanfare({ bars: 2, loop: [0, 2] });
    const stingers = [found(spec), stinger("alarm", { most: 1, priority: 1 })];
    const outranked = await play(spec, {
      score: score({ takes: [spec], stingers }),
      events: [trigger(2.2), trigger(4.2, "alarm")],
    });
    expect(outranked.closed).toContainEqual(
      expect.objectContaining({ voice: voice(), at: expect.closeTo(5, 3), fade: 0.08 }),
    );

    const left = await play(spec, {
      stinger: { next: "cut" },
      events: [trigger(2.2), go(2.6, "cave")],
    });
    expect(left.closed).toContainEqual(
      expect.objectContaining({ voice: voice(), at: expect.closeTo(4, 3), fade: 0.08 }),
    );
  });

  test("that leads with its pickup into another mood is cut there where it says so, and else rings", async () => {
    const spec = fanfare({ entry: seconds(2.4) });
    const alarm: GameEvent = { kind: "signal", at: seconds(9.3), name: "intensity", value: 0.9 };
    const options = { events: [trigger(5.3), alarm], until: 18 };
    const cut = await play(spec, { ...options, stinger: { at: "bar", next: "cut" } });
    expect(cut.cues.find(({ kind }) => kind === "stinger")).toMatchObject({ at: 12 });
    const [, danger] = cut.cues.filter(({ kind }) => kind === "section");
    expect(danger).toMatchObject({ entersAt: 10 });
    nearly(cut, voice(), 9.9, 0.3 * RATE);
    expect(cut.closed).toContainEqual(
      expect.objectContaining({ voice: voice(), at: expect.closeTo(10, 3), fade: 0.08 }),
    );
    const ringing = await play(spec, { ...options, stinger: { at: "bar" } });
    nearly(ringing, voice(), 12.5, 2.9 * RATE);
    const early = ringing.closed.filter((each) => each.voice === voice() && each.at < 15);
    expect(early).toEqual([]);
  });

  test("is generated, with a fault, until its take is in memory, and plays it from then on", async () => {
    const result = await play(fanfare(), { from: 5, events: [trigger(2.2), trigger(6.2)] });
    const sources = result.sources.filter((source) => source.startsWith("stinger"));
    expect(sources).toEqual(["stinger found bank", "stinger found authored"]);
    expect(heard(result, voice(), 3.5)).toEqual({ sample: 0, chunks: 1 });
    nearly(result, voice(1), 8, RATE);
  });

  test("asks nothing of the model once its take is there", async () => {
    const asked = async (from: number): Promise<number | undefined> => {
      const result = await play(fanfare(), {
        from,
        events: [],
        generatorDelay: () => 0.01,
        until: 4,
        score: score({
          takes: [fanfare()],
          moods: [mood("calm")],
          rules: [],
          locations: [],
          transitions: [transition()],
          stingers: [found(fanfare())],
        }),
      });
      return result.counts["answered"];
    };
    expect(await asked(-1)).toBe(((await asked(100)) ?? 0) - 1);
  });
});
