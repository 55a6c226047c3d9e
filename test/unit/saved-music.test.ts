import { beforeAll, describe, expect, test } from "vitest";
import type { Recording } from "../../engine/recorder.ts";
import { readRecording, readSaved } from "../../engine/saved-music-shape.ts";
import { saveTune, takesOf, type SavedMusic } from "../../engine/saved-music.ts";
import { seconds } from "../../engine/time/units.ts";
import { session } from "../helpers/game-session.ts";
import { score } from "../helpers/score.ts";
import { takeOf } from "../helpers/takes.ts";

type Json = Record<string, unknown>;
const written = score();
let save: SavedMusic;
let recording: Recording;

beforeAll(async () => {
  const game = session(written, { hasModel: true });
  await game.play(14, (now) => {
    const at = seconds(now - 0.01);
    if (now === 9) {
      game.log.take({ kind: "signal", at, name: "intensity", value: 0.9 }, at);
      game.log.take({ kind: "trigger", at, stinger: "alarm" }, at);
      game.log.take({ kind: "hold", at, id: 1, mood: "danger", priority: 0, lasts: undefined }, at);
    }
  });
  save = JSON.parse(JSON.stringify(game.log.save(seconds(game.now))));
  recording = JSON.parse(JSON.stringify(game.recorder.recording(seconds(game.now))));
});

/** The same with one value in its depths replaced. */
function withValue(data: unknown, path: readonly string[], value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const copy = Array.isArray(data) ? [...data] : { ...(data as Json) };
  (copy as Json)[first] = withValue((data as Json)[first], rest, value);
  return copy;
}

function refusal(read: (data: unknown) => unknown, data: unknown): Error {
  try {
    read(data);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it was not refused");
}

describe("notes of a tune", () => {
  test("come back from JSON as they were, with half bars that had no chord", () => {
    const takes = new Map([[3, takeOf(4, 71)]]);
    const saved = JSON.parse(JSON.stringify(saveTune({ name: "calm#0", takes })));
    expect(takesOf(saved)).toEqual([...takes].map((take) => [...take, undefined]));
  });
});

describe("a save that is read", () => {
  test("is what was saved, and what it does not know is left out", () => {
    expect(readSaved(save)).toEqual(save);
    const stuffed = withValue({ ...save, more: 1 }, ["director", "holds", "0", "more"], "x");
    expect(readSaved(stuffed)).toEqual(save);
  });

  test("of another format is refused in a sentence that says so", () => {
    const { message, name } = refusal(readSaved, { ...save, attacca: 1 });
    expect(name).toBe("SaveError");
    expect(message).toBe("a save of format 1; this engine reads format 2 only");
    expect(refusal(readRecording, { ...recording, attacca: 3 }).message).toBe(
      "a recording of format 3; this engine reads format 2 only",
    );
  });

  test.each<[string, readonly string[], unknown]>([
    ["a time that is none", ["time"], "soon"],
    ["a time beyond all music", ["time"], 1e300],
    ["a section far away", ["director", "section", "startsAt"], -1e300],
    ["a tempo of none", ["director", "section", "tempo"], 0],
    ["a meter of none", ["director", "section", "meter"], "5/4"],
    ["half a section", ["director", "section", "mood"], undefined],
    ["a count that is none", ["director", "sections"], 1.5],
    ["a signal that is none", ["director", "signals", "intensity", "target"], null],
    ["a scale beyond its range", ["director", "scale"], 0],
    ["a level beyond 1", ["director", "layers", "melody"], 2],
    [
      "more stingers than wait",
      ["director", "stingers", "waiting"],
      Array.from({ length: 65 }, () => ({ name: "a", at: 1 })),
    ],
    ["more holds than there are", ["director", "holds"], Array.from({ length: 33 }, () => ({}))],
    ["a take without bars", ["tunes", "0", "takes", "0", "bars"], []],
    ["a note that is none", ["tunes", "0", "takes", "0", "notes", "melody"], ["x"]],
    ["no list", ["tunes"], {}],
  ])("with %s is refused in one line that says where", (_, path, value) => {
    const { name, message } = refusal(readSaved, withValue(save, path, value));
    expect(name).toBe("SaveError");
    expect(message).toMatch(/^not a save of this format at [^\n]+$/);
    expect(message).toContain(path[0]);
    expect(message.length).toBeLessThan(300);
  });

  test("that was cut off anywhere is refused, unless it is whole", () => {
    const keys = Object.keys(save.director) as (keyof typeof save.director)[];
    for (const key of keys) {
      const { [key]: _, ...director } = save.director;
      expect(refusal(readSaved, { ...save, director }).message).toContain(`director.${key}`);
    }
    for (const data of [undefined, null, "", "{}", 7, [], {}, { attacca: 2 }, () => save]) {
      expect(refusal(readSaved, data).message).toMatch(/^not a save of this format[^\n]*$/);
    }
  });

  test("and names that are no names are cut short", () => {
    const long = `a\nb${"x".repeat(10_000)}`;
    const { message } = refusal(
      readSaved,
      withValue(save, ["director", "visits"], { [long]: "x" }),
    );
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(300);
  });
});

describe("music that is given a save made by hand", () => {
  test.each<[string, readonly string[], unknown]>([
    ["a change that would never come", ["director", "committed"], "far"],
    ["a phrase beyond all phrases", ["director", "phrases"], 1_000_000_000],
    ["phrases of other lengths", ["director", "ahead"], "long"],
    ["a tune begun long before", ["director", "section", "startsAt"], -1e8],
    ["a section that is yet to come", ["director", "section", "entersAt"], 1e8],
    [
      "signals out of range",
      ["director", "signals", "intensity"],
      { anchor: 1e9, anchoredAt: 0, target: -1e9 },
    ],
    ["stingers and moods of no score", ["director", "left"], { nowhere: { visit: 0, bar: 3 } }],
    ["a mood of no score", ["director", "section", "mood"], "nowhere"],
    ["a moment years ahead", ["time"], 9e7],
  ])("with %s goes on all the same", async (_, path, value) => {
    const { section, ahead } = save.director;
    const given =
      value === "far"
        ? { ...section, entersAt: 1e8 }
        : value === "long"
          ? ahead.map((phrase) => ({ ...phrase, bars: 7 }))
          : value;
    const game = session(written);
    game.restore(readSaved(withValue(save, path, given)));
    const { now } = game;
    await game.play(now + 12);
    const sounding = game.conductor.sections.flatMap(({ phrases }) => phrases);
    expect(sounding.some(({ take }) => take !== undefined)).toBe(true);
    expect(game.rendered.length).toBeGreaterThan(20);
    expect(game.conductor.state.signals.get("intensity")?.target).toBeLessThanOrEqual(1);
    expect(() =>
      readSaved(JSON.parse(JSON.stringify(game.log.save(seconds(game.now))))),
    ).not.toThrow();
  });
});

describe("a recording that is read", () => {
  const at = 3;
  test("is what was recorded", () => {
    expect(readRecording(recording)).toEqual(recording);
  });

  test.each<[string, unknown]>([
    ["no kind", { at }],
    ["an unknown kind", { kind: "explode", at }],
    ["no time", { kind: "location", name: "cave" }],
    ["a time that is none", { kind: "location", at: "3", name: "cave" }],
    ["no name", { kind: "signal", at, value: 1 }],
    ["a value that is none", { kind: "signal", at, name: "intensity", value: "high" }],
    ["no place", { kind: "location", at }],
    ["weights that are none", { kind: "blend", at, weights: { cave: -1 } }],
    ["no stinger", { kind: "trigger", at, stinger: 3 }],
    [
      "a stinger beyond the right",
      { kind: "trigger", at, stinger: "alarm", placing: { pan: 2, level: 0 } },
    ],
    ["no mood", { kind: "hold", at, id: 1, priority: 0 }],
    [
      "a length that is none",
      { kind: "hold", at, id: 1, mood: "calm", priority: 0, lasts: "4 bars" },
    ],
    ["no number", { kind: "release", at }],
    ["no mood to let go", { kind: "release-mood", at }],
    ["no moment", { kind: "hit", at, name: "gate", strength: 1 }],
    ["a strength beyond 1", { kind: "hit", at, name: "gate", time: 9, strength: 2 }],
    ["no name of a hit point", { kind: "cancel-hit", at }],
    ["a probability beyond 1", { kind: "expect", at, name: "calm", probability: 1.1 }],
    ["a scale beyond its range", { kind: "time-scale", at, scale: 0 }],
  ])("with an event of %s is refused in one line that says which", (_, event) => {
    const { name, message } = refusal(readRecording, { ...recording, events: [event] });
    expect(name).toBe("SaveError");
    expect(message).toMatch(/^not a recording of this format at events\.0[^\n]*$/);
  });

  test("has every kind of event that a game can cause", () => {
    const events = [
      { kind: "signal", at: -1, name: "intensity", value: null },
      { kind: "location", at, name: "cave" },
      { kind: "blend", at, weights: { cave: 0.4, meadow: 3 } },
      { kind: "trigger", at, stinger: "alarm" },
      { kind: "hold", at, id: 1, mood: "calm", priority: -3 },
      { kind: "hold", at, id: 2, mood: "calm", priority: 0, lasts: { value: 4, unit: "bars" } },
      { kind: "release", at, id: 1 },
      { kind: "release-mood", at, mood: "calm" },
      { kind: "hit", at, name: "gate", time: 9, strength: 0.8 },
      { kind: "cancel-hit", at, name: "gate" },
      { kind: "expect", at, name: "calm", probability: 0.4 },
      { kind: "time-scale", at, scale: 0.5 },
    ];
    expect(readRecording({ ...recording, events }).events).toEqual(events);
  });
});
