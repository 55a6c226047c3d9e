import { describe, expect, test } from "vitest";
import { AuthoredTakes, moodsWithoutTakes } from "../../../engine/conductor/authored-takes.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import type { Score } from "../../../engine/score/score.ts";
import { seconds } from "../../../engine/time/units.ts";
import { countingTake, heard, nearly, RATE, takeSpec } from "../../helpers/authored.ts";
import {
  imbalances,
  rehearse,
  type Rehearsal,
  type RehearsalOptions,
} from "../../helpers/rehearsal.ts";
import { mood, score, stinger, transition } from "../../helpers/score.ts";

const BEAT = takeSpec();
const go = (at: number, name: string): GameEvent => ({ kind: "location", at: seconds(at), name });
const CUT = transition({ fade: { value: 0, unit: "seconds" } });

/** Calm has drums of the composer's own, danger and mystery have nothing. */
const withDrums = (changes: Partial<Score> = {}): Score =>
  score({
    takes: [BEAT],
    moods: [mood("calm", { takes: { drums: "beat" } }), mood("danger"), mood("mystery")],
    transitions: [CUT],
    ...changes,
  });

/** A generator and a renderer are there, and only authored takes may be heard, unless `tiers` says otherwise. */
const play = (options: Partial<RehearsalOptions> = {}): Promise<Rehearsal> =>
  rehearse({
    score: withDrums(),
    events: [],
    until: 40,
    tick: 0.05,
    generatorDelay: () => 0.1,
    tiers: [{ at: -1, tier: "authored-only" }],
    takes: { beat: { at: -1, pcm: countingTake(BEAT, RATE).pcm } },
    ...options,
  });

const voices = ({ opened }: Rehearsal): readonly string[] => opened.map(({ voice }) => voice);

describe("where only authored takes may be heard", () => {
  test("they are, round and round, and no other stem is, nor anything asked of the generator", async () => {
    const result = await play();
    for (const at of [0.5, 15.9, 16.1, 33]) nearly(result, "0:drums", at, (at % 16) * RATE);
    expect(new Set(voices(result))).toEqual(new Set(["0:drums"]));
    expect(new Set(result.sources.map((source) => source.replace(/\d/, "n")))).toEqual(
      new Set(["calm n rest drums:beat"]),
    );
    expect(result.asked).toEqual([]);
  });

  test("a mood without one rests, and the music goes on in the next that has one", async () => {
    const result = await play({ events: [go(5.2, "cave"), go(17.2, "meadow")] });
    const sections = result.cues.filter((cue) => cue.kind === "section");
    expect(sections.map(({ mood: { name } }) => name)).toEqual(["calm", "mystery", "calm"]);
    expect(voices(result).filter((voice) => voice.startsWith("1:"))).toEqual([]);
    nearly(result, "2:drums", 20.5, 0.5 * RATE);
    expect(result.changes).toEqual({ hits: 0, unwritten: 0, misses: 0 });
  });

  test("a take follows slow motion as a tape does", async () => {
    const slow: GameEvent = { kind: "time-scale", at: seconds(1), scale: 0.5 };
    const result = await play({ events: [slow] });
    const section = result.cues.findLast((cue) => cue.kind === "section");
    const since = 20 - (section?.startsAt ?? 0);
    nearly(result, `${section?.index}:drums`, 20, ((since / 2) % 16) * RATE);
    expect(result.counts["outOfTempo"]).toBeUndefined();
  });

  test("a take goes on over a bridge that has none of its own", async () => {
    const bridge = { bars: 2, tempo: "step", parts: undefined } as const;
    const result = await play({
      score: withDrums({ transitions: [transition({ bridge })] }),
      events: [go(5.2, "cave")],
    });
    nearly(result, "1:drums", 8.5, 0.5 * RATE);
    nearly(result, "1:drums", 15.5, 7.5 * RATE);
    expect(voices(result).filter((voice) => voice.startsWith("2:"))).toEqual([]);
  });

  test("a take in another meter has no place, which is told", async () => {
    const waltz = takeSpec({ meter: "3/4" });
    const result = await play({ score: withDrums({ takes: [waltz] }) });
    expect(voices(result)).toEqual([]);
    expect(result.counts["outOfTempo"]).toBe(1);
  });

  test("a stinger without one rests and lowers nothing", async () => {
    const result = await play({
      score: withDrums({ stingers: [stinger("alarm")] }),
      events: [{ kind: "trigger", at: seconds(2.2), stinger: "alarm" }],
    });
    expect(result.sources).toContain("stinger alarm rest");
    expect(voices(result).filter((voice) => voice.startsWith("stinger"))).toEqual([]);
    expect(result.ducks).toEqual([]);
  });

  test("from the middle of the game on, what is not settled by then rests, until the tier is another", async () => {
    const result = await play({
      tiers: [
        { at: 10, tier: "authored-only" },
        { at: 34, tier: "full" },
      ],
      until: 52,
    });
    const bass = [20, 40, 50].map((at) => heard(result, "0:bass", at).chunks);
    expect(bass).toEqual([1, 0, 1]);
    for (const at of [20, 40, 50]) nearly(result, "0:drums", at, (at % 16) * RATE);
    expect(imbalances(result.ledger.total)).toEqual([]);
  });
});

test("the opening waits until it is known of each of its takes whether it can be had", () => {
  const takes = new AuthoredTakes([BEAT, takeSpec({ name: "bass" })]);
  const calm = mood("calm", { takes: { drums: "beat", bass: "bass" } });
  takes.add("beat", countingTake(BEAT, RATE).pcm);
  expect(takes.areKnown(calm)).toBe(false);
  takes.add("bass", undefined);
  expect(takes.areKnown(calm)).toBe(true);
  expect(takes.named("bass")).toBeUndefined();
});

test("a mood is without takes too where they are in another meter or for stems that it lacks", () => {
  const takes = [BEAT, takeSpec({ name: "waltz", meter: "3/4" })];
  const { drums, ...others } = mood("calm").stems;
  expect(drums).toBeDefined();
  const moods = [
    mood("has", { takes: { drums: "beat" } }),
    mood("none"),
    mood("meter", { takes: { drums: "waltz" } }),
    mood("stem", { stems: others, takes: { drums: "beat" } }),
  ];
  const without = moodsWithoutTakes({ moods, takes }).map(({ name }) => name);
  expect(without).toEqual(["none", "meter", "stem"]);
});
