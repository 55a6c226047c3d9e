import { describe, expect, test } from "vitest";
import { chordTones } from "../../../engine/music/chord.ts";
import { chordOf } from "../../../engine/composer/take.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import type { Score } from "../../../engine/score/score.ts";
import { bpm, decibels, seconds, ticks, unitInterval } from "../../../engine/time/units.ts";
import { go, ofKind, sections, set, trigger } from "../../helpers/directing.ts";
import { rehearse, type Rehearsal } from "../../helpers/rehearsal.ts";
import { mood, score, stinger, transition } from "../../helpers/score.ts";

const RATE = 8000;
const play = (events: readonly GameEvent[], written: Score = score()): Promise<Rehearsal> =>
  rehearse({ score: written, events, until: 40, tick: 0.05, generatorDelay: () => 0.2 });

const chunksOf = (result: Rehearsal, voice: string): Rehearsal["played"] =>
  result.played.filter((chunk) => chunk.voice === voice).toSorted((a, b) => a.at - b.at);

/** Chunks that follow each other to the frame, but for what rings after a phrase. */
function expectNoGap(chunks: Rehearsal["played"], from: number, until: number): void {
  const halves = chunks.filter(({ frames }) => frames <= 2 * RATE + 1);
  let end = from;
  for (const { at, frames } of halves) {
    if (at > end - 1e-3) expect(at).toBeCloseTo(end, 3);
    end = Math.max(end, at + frames / RATE);
    if (end >= until) return;
  }
  expect(end).toBeGreaterThanOrEqual(until);
}

describe("a section entered in its middle", () => {
  test("sounds from its very entry, and nothing of it before", async () => {
    const written = score({
      transitions: [transition({ at: "beat", enter: "same position" })],
    });
    const result = await play([go(9.2, "cave")], written);
    const [, cave] = sections(result.cues);
    expect(cave?.entersAt).toBe(10);
    const melody = chunksOf(result, "1:melody");
    expect(melody[0]?.at).toBeCloseTo(10, 3);
    expectNoGap(melody, 10, 30);
  });

  test("goes on with the notes it had when it was left", async () => {
    const written = score({
      transitions: [transition({ to: ["calm"], enter: "last position" }), transition()],
    });
    const result = await play([set(9, 0.9), set(20, 0.1)], written);
    const [, , back] = sections(result.cues);
    const phrase = ofKind(result.cues, "phrase").find(({ section }) => section === back?.index);
    expect(phrase?.index).toBe(0);
    expect(result.settled.get("2.0")).toBe(result.settled.get("0.0"));
    // It is told what plays where that is news.
    expect(result.sources.filter((source) => source.startsWith("calm 0 "))).toHaveLength(1);
    expect(result.counts["late"]).toBeUndefined();
    expect(result.counts["missed"]).toBeUndefined();
  });
});

describe("a fade that is turned round", () => {
  test("is taken back in every voice, and the music goes on without a gap", async () => {
    const slow = score({ transitions: [transition()] });
    const result = await play([go(4.2, "cave"), go(9.02, "meadow")], slow);
    expect(result.reopened.map(({ voice }) => voice)).toContain("0:melody");
    for (const { at } of result.reopened) expect(at).toBeCloseTo(9.55, 2);
    expectNoGap(chunksOf(result, "0:melody"), 0, 38);
    const shut = result.closed.filter(({ voice }) => voice === "1:melody");
    expect(shut).toHaveLength(1);
    expect(shut[0]?.at).toBeCloseTo(9.55, 2);
    const reopenedOnce = result.opened.filter(({ voice }) => voice === "0:melody");
    expect(reopenedOnce).toHaveLength(1);
  });
});

describe("a bridge", () => {
  test("is written for the way from one mood to the other and lasts its bars", async () => {
    const written = score({
      moods: [
        mood("calm"),
        mood("danger", { tempo: bpm(120), key: { tonic: 9, mode: "aeolian" } }),
      ],
      locations: [],
      transitions: [transition({ bridge: { bars: 2, tempo: "step" } })],
    });
    const result = await play([set(5, 0.9)], written);
    const [, bridge, danger] = sections(result.cues);
    expect(bridge?.entersAt).toBe(8);
    expect(danger?.entersAt).toBe(16);
    const take = result.takes.find(({ take: { bars } }) => bars[0]?.role === "bridge")?.take;
    expect(take?.source).toBe("model");
    expect(take?.bars.map(({ role }) => role)).toEqual(["bridge", "fill"]);
    // It ends on the dominant seventh of A, in D as written: E G# B D.
    const last = take?.bars.at(-1)?.chords[1];
    expect(last && chordTones(last, { tonic: 2, mode: "dorian" })).toEqual([4, 8, 11, 2]);
    expectNoGap(chunksOf(result, "1:melody"), 8, 16);
  });

  test("without a generator is played from the bank", async () => {
    const written = score({ transitions: [transition({ bridge: { bars: 2, tempo: "ramp" } })] });
    const result = await rehearse({ score: written, events: [set(5, 0.9)], until: 30, tick: 0.05 });
    const [, bridge, danger] = sections(result.cues);
    expect(bridge?.bridge?.bars).toBe(2);
    expect(danger?.entersAt).toBeCloseTo(8 + 8 * Math.LN2, 6);
    expectNoGap(chunksOf(result, "1:harmony"), 8, 13.5);
  });
});

describe("a stinger", () => {
  const ducking = score({
    stingers: [
      stinger("alarm", {
        at: "bar",
        duck: { by: decibels(-4), attack: seconds(0.1), release: seconds(0.5) },
      }),
    ],
  });

  test("sounds on its sync point, in a voice of its own, and the music steps back for it", async () => {
    const result = await play([trigger(13, "alarm")], ducking);
    const [first] = chunksOf(result, "stinger:0:melody");
    expect(first?.at).toBeCloseTo(16, 3);
    const [duck] = result.ducks;
    expect(duck?.by).toBe(-4);
    expect((duck?.until ?? 0) - (duck?.at ?? 0)).toBeCloseTo(4, 6);
    expect(result.closed.some(({ voice }) => voice === "stinger:0:melody")).toBe(true);
  });

  test.each([
    ["in the mood that comes", { next: "cut" } as const, [set(17.1, 0.9)], 18],
    ["under one that is more important", { most: 1 }, [trigger(17.1, "siren")], 18],
  ])("that is cut %s lets the music come back at once", async (_, changes, events, at) => {
    const duck = { by: decibels(-4), attack: seconds(0.1), release: seconds(0.5) };
    const written = score({
      stingers: [
        stinger("alarm", { at: "bar", bars: 4, duck, ...changes }),
        stinger("siren", { priority: 1, most: 1 }),
      ],
    });
    const result = await play([trigger(13, "alarm"), ...events], written);
    expect(ofKind(result.cues, "stinger-cut").map(({ id }) => id)).toEqual([0]);
    const ended = result.endedDucks.find(({ name }) => name === result.ducks[0]?.name);
    expect(ended?.at).toBeCloseTo(at, 3);
  });

  test("is written ahead, in the key and chord that sound where it falls", async () => {
    const result = await play([trigger(17, "alarm")], ducking);
    const played = result.takes.find(({ mood: name }) => name === "alarm")?.take;
    expect(result.sources).toContain("stinger alarm model");
    const [cue] = ofKind(result.cues, "stinger");
    const under = result.takes.filter(({ mood: name }) => name === "calm")[1]?.take;
    if (played === undefined || under === undefined) throw new Error("nothing was played");
    expect(cue?.at).toBe(20);
    const key = { tonic: 2, mode: "dorian" } as const;
    const chord = chordOf(under, ticks(3840));
    if (chord === undefined) throw new Error("no chord sounds");
    for (const note of played.notes.melody.filter(({ at }) => at % 960 === 0)) {
      expect(chordTones(chord, key)).toContain(note.pitch % 12);
    }
  });

  test("comes from the bank where the model is not there", async () => {
    const result = await rehearse({
      score: ducking,
      events: [trigger(3, "alarm")],
      until: 12,
      tick: 0.05,
    });
    expect(result.sources).toContain("stinger alarm bank");
    expect(chunksOf(result, "stinger:0:melody").length).toBeGreaterThan(0);
  });
});

describe("another tempo", () => {
  test("goes on with the same notes, asked of the model once", async () => {
    const events: GameEvent[] = [{ kind: "time-scale", at: seconds(9), scale: 2 }];
    const result = await play(events);
    const [, fast] = sections(result.cues);
    expect(fast?.tempo).toBe(120);
    const second = ofKind(result.cues, "phrase").find(({ section }) => section === fast?.index);
    expect(second).toBeDefined();
    const name = `.${second?.index ?? ""}`;
    expect(result.settled.get(`1${name}`)).toBe(result.settled.get(`0${name}`));
    expect(result.sources.length).toBe(new Set(result.sources).size);
    expectNoGap(chunksOf(result, "1:melody"), fast?.entersAt ?? 0, 30);
  });
});

describe("a hit point", () => {
  test("begins the next phrase on the moment, to the frame", async () => {
    const time = seconds(19.37);
    const events: GameEvent[] = [
      { kind: "hit", at: seconds(3), name: "gate", time, strength: unitInterval(0.9) },
    ];
    const result = await play(events);
    const landed = sections(result.cues).find(({ cause }) => cause === "hit");
    expect(landed?.entersAt).toBeCloseTo(time, 6);
    const [first] = chunksOf(result, `${landed?.index}:melody`);
    expect(Math.abs((first?.at ?? 0) - time)).toBeLessThan(1.5 / RATE);
  });

  test("that is taken back leaves no hole where its phrase would have ended", async () => {
    const written = score({ moods: [mood("calm")], locations: [], rules: [] });
    const events: GameEvent[] = [
      { kind: "hit", at: seconds(2), name: "gate", time: seconds(36), strength: unitInterval(0.9) },
      { kind: "cancel-hit", at: seconds(20), name: "gate" },
    ];
    const result = await play(events, written);
    expect(ofKind(result.cues, "phrase").some(({ ending }) => ending?.bars === 1)).toBe(true);
    expect(sections(result.cues)).toHaveLength(1);
    expectNoGap(chunksOf(result, "0:melody"), 0, 39);
  });
});

describe("when everything is rendered anew, as after a change of tempo", () => {
  test("a stinger that begins with it passes what sounds later", async () => {
    const result = await rehearse({
      score: score({
        moods: [mood("calm", { tempo: bpm(120) })],
        locations: [],
        rules: [],
        stingers: [stinger("alarm", { stems: ["harmony", "drums"] })],
      }),
      events: [{ kind: "time-scale", at: seconds(7.2), scale: 1.3 }, trigger(7.25, "alarm")],
      until: 12,
      tick: 0.05,
      renderDelay: 0.2,
      renderCost: 20,
    });
    const [first] = chunksOf(result, "stinger:0:harmony");
    expect(first?.at).toBeCloseTo(8, 3);
    expect(chunksOf(result, "1:harmony")[0]?.at).toBeCloseTo(8, 3);
    expect(result.counts["late"]).toBeUndefined();
    expect(result.counts["missed"]).toBeUndefined();
  });
});
