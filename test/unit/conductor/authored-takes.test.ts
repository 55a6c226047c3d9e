import { describe, expect, test } from "vitest";
import type { GameEvent } from "../../../engine/director/event.ts";
import type { Score, TakeSpec } from "../../../engine/score/score.ts";
import { bpm, seconds, unitInterval } from "../../../engine/time/units.ts";
import { countingTake, heard, nearly, RATE, takeSpec } from "../../helpers/authored.ts";
import { rehearse, type Rehearsal, type RehearsalOptions } from "../../helpers/rehearsal.ts";
import { mood, score, transition } from "../../helpers/score.ts";

const go = (at: number, name: string): GameEvent => ({ kind: "location", at: seconds(at), name });

/** Calm at 60 bpm with authored drums, four bars of them. */
const withDrums = (spec: TakeSpec, changes: Partial<Score> = {}): Score =>
  score({
    takes: [spec],
    moods: [
      mood("calm", { takes: { drums: spec.name } }),
      mood("danger", { tempo: bpm(120) }),
      mood("mystery"),
    ],
    ...changes,
  });

/** Rehearses with the take in memory from a moment on, by default from before the start. */
const play = (
  spec: TakeSpec,
  options: Partial<RehearsalOptions> & { readonly from?: number } = {},
): Promise<Rehearsal> =>
  rehearse({
    score: withDrums(spec),
    events: [],
    until: 40,
    tick: 0.05,
    takes: { [spec.name]: { at: options.from ?? -1, pcm: countingTake(spec, RATE).pcm } },
    ...options,
  });

describe("a stem with an authored take", () => {
  test("plays it from bar 0 on and round and round, where the others play notes", async () => {
    const result = await play(takeSpec());
    for (const at of [0.5, 3, 7.9, 15.9]) nearly(result, "0:drums", at, at * RATE);
    for (const at of [16.1, 20, 31.9, 32.1]) nearly(result, "0:drums", at, (at % 16) * RATE);
    expect(heard(result, "0:bass", 20)).toEqual({ sample: 0, chunks: 1 });
    expect(result.sources).toContain("calm 1 bank drums:beat");
    expect(result.counts["late"]).toBeUndefined();
    expect(result.counts["missed"]).toBeUndefined();
  });

  test("goes on in it where the music comes back to its last position", async () => {
    const result = await play(takeSpec(), {
      score: withDrums(takeSpec(), {
        transitions: [transition({ enter: "last position", fade: { value: 0, unit: "seconds" } })],
      }),
      events: [go(9.2, "cave"), go(19.2, "meadow")],
    });
    const sections = result.cues.filter((cue) => cue.kind === "section");
    expect(sections.map(({ entersAt }) => entersAt)).toEqual([0, 12, 20]);
    // It was left after its third bar.
    nearly(result, "2:drums", 20.5, 12.5 * RATE);
    nearly(result, "2:drums", 24.5, 0.5 * RATE);
    expect(heard(result, "1:drums", 15).sample).toBe(0);
  });

  test("plays notes until it is in memory, and it from the next phrase on", async () => {
    const result = await play(takeSpec(), { from: 3 });
    expect(result.sources[0]).toBe("calm 0 bank");
    expect(heard(result, "0:drums", 5)).toEqual({ sample: 0, chunks: 1 });
    const first = result.sources.find((source) => source.endsWith("drums:beat"));
    expect(first).toBe("calm 1 bank drums:beat");
    nearly(result, "0:drums", 18.5, 2.5 * RATE);
  });

  test("whose take never comes plays notes", async () => {
    const result = await rehearse({
      score: withDrums(takeSpec()),
      events: [],
      until: 20,
      tick: 0.05,
    });
    expect(result.sources.every((source) => source.endsWith("bank"))).toBe(true);
    expect(heard(result, "0:drums", 18)).toEqual({ sample: 0, chunks: 1 });
    expect(result.counts["outOfTempo"]).toBeUndefined();
  });

  test("plays notes in another tempo, tells it once for each section, and plays on in its own", async () => {
    const scale = (at: number, by: number): GameEvent => ({
      kind: "time-scale",
      at: seconds(at),
      scale: by,
    });
    const result = await play(takeSpec(), { events: [scale(9.3, 0.5), scale(20.3, 1)], until: 50 });
    const sections = result.cues.filter((cue) => cue.kind === "section");
    expect(sections.map(({ tempo }) => tempo)).toEqual([60, 30, 60]);
    expect(result.counts["outOfTempo"]).toBe(1);
    expect(heard(result, "1:drums", 15)).toEqual({ sample: 0, chunks: 1 });
    // After ten beats at 60 and six at 30 the round of 16 is over.
    const { entersAt = 0 } = sections[2] ?? {};
    expect(entersAt).toBe(22);
    nearly(result, "2:drums", 23, RATE);
  });

  test("follows the bend towards a hit point in the drums, while a melody plays notes", async () => {
    const hit: GameEvent = {
      kind: "hit",
      at: seconds(2),
      name: "door",
      time: seconds(15.7),
      strength: unitInterval(0.8),
    };
    const options = { events: [hit], until: 30 };
    const drums = await play(takeSpec(), options);
    const bent = drums.cues.find((cue) => cue.kind === "section" && cue.stretch !== 1);
    if (bent?.kind !== "section") throw new Error("the tempo was not bent");
    const at = bent.entersAt + 3;
    const position = (at - bent.startsAt) * bent.stretch;
    nearly(drums, `${bent.index}:drums`, at, (position % 16) * RATE);
    expect(drums.counts["outOfTempo"]).toBeUndefined();

    const spec = takeSpec();
    const moods = [mood("calm", { takes: { melody: spec.name } }), mood("danger"), mood("mystery")];
    const melody = await play(spec, { ...options, score: withDrums(spec, { moods }) });
    expect(melody.counts["outOfTempo"]).toBe(1);
    nearly(melody, "0:melody", 1, RATE);
    expect(heard(melody, `${bent.index}:melody`, at)).toEqual({ sample: 0, chunks: 1 });
  });

  test("has notes of the bank where the model wrote around it and it cannot play", async () => {
    const result = await play(takeSpec(), {
      events: [{ kind: "time-scale", at: seconds(25), scale: 0.5 }],
      generatorDelay: () => 0.4,
    });
    expect(result.sources).toContain("calm 1 model drums:beat");
    const takes = result.takes.filter((each) => each.take.source === "model");
    expect(takes).not.toHaveLength(0);
    for (const { take } of takes) {
      expect(take.notes.bass).toHaveLength(4);
      expect(take.notes.drums).toHaveLength(16);
    }
    expect(heard(result, "1:drums", 34).chunks).toBe(1);
  });

  test("leaves a bridge to the model", async () => {
    const result = await play(takeSpec(), {
      score: withDrums(takeSpec(), {
        transitions: [transition({ bridge: { bars: 2, tempo: "ramp" } })],
      }),
      events: [go(5.2, "cave")],
    });
    const bridge = result.cues.find((cue) => cue.kind === "section" && cue.bridge !== undefined);
    if (bridge?.kind !== "section") throw new Error("there was no bridge");
    const at = bridge.entersAt + 3;
    expect(heard(result, `${bridge.index}:drums`, at)).toEqual({ sample: 0, chunks: 1 });
    expect(result.counts["outOfTempo"]).toBeUndefined();
  });
});

describe("the pickup of an authored take", () => {
  const entering = (spec: TakeSpec): Promise<Rehearsal> =>
    play(spec, { events: [go(0.2, "cave"), go(9.2, "meadow")], until: 20 });

  test("leads into the mood from before its entry, where the others fade in from there", async () => {
    const spec = takeSpec({ entry: seconds(0.4) });
    const result = await entering(spec);
    const opened = (voice: string) => result.opened.find((each) => each.voice === voice);
    const [bass, drums] = [opened("2:bass"), opened("2:drums")];
    expect(bass).toMatchObject({ fade: 4 });
    expect(drums?.fade).toBe(0.005);
    expect((bass?.at ?? 0) - (drums?.at ?? 0)).toBeCloseTo(0.4, 3);
    nearly(result, "2:drums", 12 - 0.3, 0.1 * RATE);
    nearly(result, "2:drums", 12.5, 0.9 * RATE);
  });

  test("that is longer than the notice of a change is heard as far as there is time", async () => {
    const result = await entering(takeSpec({ entry: seconds(2) }));
    const opened = result.opened.find(({ voice }) => voice === "2:drums");
    expect(opened?.at).toBeGreaterThan(11.49);
    expect(opened?.at).toBeLessThan(11.7);
    nearly(result, "2:drums", 11.8, 1.8 * RATE);
    expect(result.counts["late"]).toBeUndefined();
  });

  test("is left out where the music begins, and where a mood is entered in its middle", async () => {
    const spec = takeSpec({ entry: seconds(0.4) });
    const result = await play(spec, {
      score: withDrums(spec, { transitions: [transition({ enter: "same position" })] }),
      events: [go(1.2, "cave"), go(9.2, "meadow")],
      until: 20,
    });
    const starts = result.opened.filter(({ voice }) => /^[02]:drums$/.test(voice));
    expect(starts.map(({ at }) => Math.round(at * 100) / 100)).toEqual([0, 12]);
    nearly(result, "2:drums", 12.5, (12.5 + 0.4) * RATE);
  });
});
