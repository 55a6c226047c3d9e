import { describe, expect, test } from "vitest";
import { createNovelty } from "../../engine/composer/novelty.ts";
import type { GameEvent } from "../../engine/director/event.ts";
import { createDirectorState } from "../../engine/director/state.ts";
import { FlightRecorder } from "../../engine/recorder.ts";
import { readRecording } from "../../engine/saved-music-shape.ts";
import type { Checkpoint } from "../../engine/saved-music.ts";
import { seconds } from "../../engine/time/units.ts";
import { direct, go } from "../helpers/directing.ts";
import { score } from "../helpers/score.ts";
import { takeOf } from "../helpers/takes.ts";

const written = score();
const checkpoint = (time: number): Checkpoint => ({
  score: written,
  seed: 1,
  time: seconds(time),
  state: createDirectorState(written),
  tunes: [],
  heard: createNovelty(),
});
const value = (at: number): GameEvent => ({
  kind: "signal",
  at: seconds(at),
  name: "intensity",
  value: 0.5,
});

/** Takes events in, as many at every second. */
function recordUntil(recorder: FlightRecorder, until: number, perSecond: number): void {
  for (let now = 0; now <= until; now += 1) {
    recorder.events(Array.from({ length: perSecond }, () => value(now)));
    recorder.turnPage(seconds(now), () => checkpoint(now));
  }
}

describe("the recorder", () => {
  test("has all from the very beginning while it is short", () => {
    const recorder = new FlightRecorder(written, 7);
    recordUntil(recorder, 59, 1);
    const recording = recorder.recording(seconds(59.5));
    expect(recording).toMatchObject({ from: null, seed: 7, until: 59.5, score: written });
    expect(recording.events).toHaveLength(60);
  });

  test("begins at a checkpoint four to five minutes ago once it is long", () => {
    const recorder = new FlightRecorder(written, 7);
    recordUntil(recorder, 3600, 2);
    const { from, events } = recorder.recording(seconds(3600));
    expect(from?.time).toBeGreaterThanOrEqual(3300);
    expect(from?.time).toBeLessThanOrEqual(3360);
    expect(events.every(({ at }) => at > (from?.time ?? 0))).toBe(true);
  });

  test("gives the events of one tick to one side of a checkpoint, all decided by then", () => {
    const recorder = new FlightRecorder(written, 7);
    recorder.events([value(1)]);
    recorder.turnPage(seconds(61), () => checkpoint(61));
    recorder.events([value(62)]);
    for (const time of [122, 183, 244, 305]) {
      recorder.turnPage(seconds(time), () => checkpoint(time));
    }
    const { from, events } = recorder.recording(seconds(306));
    expect(from?.time).toBe(61);
    expect(events).toEqual([value(62)]);
  });

  test("stays small and readable where a game floods it", () => {
    const recorder = new FlightRecorder(written, 7);
    recordUntil(recorder, 200, 4096);
    const cues = direct([go(1, "cave")], 3);
    for (let index = 0; index < 3000; index += 1) {
      const tune = `stinger alarm at ${index}.000`;
      recorder.taken({ tune, index: 0, section: 0, take: takeOf(1) });
      for (const cue of cues) recorder.cue(cue);
      recorder.turnPage(seconds(201), () => checkpoint(201));
    }
    const recording = recorder.recording(seconds(201));
    expect(recording.events.length).toBeLessThan(5 * 12_100);
    expect(recording.cues.length).toBeLessThan(5 * 20_100);
    expect(recording.tunes.length).toBeLessThanOrEqual(5 * 800);
    expect(recording.tunes.at(-1)?.name).toBe("stinger alarm at 2999.000");
    expect(() => readRecording(recording)).not.toThrow();
  });

  test("has every take of a phrase, by the section that played it, whichever checkpoint came between", () => {
    const recorder = new FlightRecorder(written, 7);
    const taken = (index: number, section: number, pitch: number): void =>
      recorder.taken({ tune: "calm#0", index, section, take: takeOf(4, pitch) });
    taken(0, 0, 60);
    taken(1, 0, 61);
    recorder.turnPage(seconds(61), () => checkpoint(61));
    taken(0, 2, 72);
    const { tunes } = recorder.recording(seconds(62));
    expect(tunes).toHaveLength(1);
    const heard = tunes[0]?.takes.map(({ index, section, notes }) => [
      index,
      section,
      notes.melody[2],
    ]);
    expect(heard).toEqual([
      [0, 0, 60],
      [1, 0, 61],
      [0, 2, 72],
    ]);
  });

  test("tells every kind of cue in a line of its own", () => {
    const recorder = new FlightRecorder(written, 7);
    const hit: GameEvent = {
      kind: "hit",
      at: seconds(1),
      name: "gate",
      time: seconds(12.3),
      strength: 0.8 as never,
    };
    for (const cue of direct([hit, go(30, "cave"), go(33.2, "meadow")], 60)) recorder.cue(cue);
    const { cues } = recorder.recording(seconds(60));
    for (const kind of ["section", "phrase", "layer", "colour", "hit", "reversal"]) {
      expect(cues.some((cue) => cue.includes(` ${kind} `))).toBe(true);
    }
    expect(cues.every((cue) => /^-?\d+\.\d{6} \S[^\n]*$/.test(cue))).toBe(true);
  });
});
