import { describe, expect, test } from "vitest";
import type { SectionCue } from "../../../engine/director/cue.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import type { BridgeParts, Score, TakeSpec } from "../../../engine/score/score.ts";
import { bpm, seconds, unitInterval } from "../../../engine/time/units.ts";
import { countingTake, heard, nearly, RATE, takeSpec } from "../../helpers/authored.ts";
import { rehearse, type Rehearsal, type RehearsalOptions } from "../../helpers/rehearsal.ts";
import { mood, score, transition } from "../../helpers/score.ts";

/** Two bars at 60 bpm. */
const fill = (changes: Partial<TakeSpec> = {}): TakeSpec =>
  takeSpec({ name: "fill", bars: 2, loop: [0, 2], ...changes });

const go = (at: number, name: string): GameEvent => ({ kind: "location", at: seconds(at), name });

interface Options extends Partial<RehearsalOptions> {
  readonly parts?: Partial<BridgeParts>;
  readonly bars?: number;
  readonly changes?: Partial<Score>;
  /** When the take is in memory; default: from before the start, never: Infinity. */
  readonly from?: number;
}

/** From calm at 60 to mystery over a bridge from 8 s on; drums are left out unless the game is intense. */
const play = (spec: TakeSpec, options: Options = {}): Promise<Rehearsal> =>
  rehearse({
    score: score({
      takes: [spec],
      transitions: [
        transition({
          bridge: {
            bars: options.bars ?? 2,
            tempo: "step",
            parts: { stems: undefined, takes: { drums: spec.name }, ...options.parts },
          },
        }),
      ],
      ...options.changes,
    }),
    events: [go(5.2, "cave")],
    until: 24,
    tick: 0.05,
    takes: { [spec.name]: { at: options.from ?? -1, pcm: countingTake(spec, RATE).pcm } },
    ...options,
  });

const sectionsOf = ({ cues }: Rehearsal): readonly SectionCue[] =>
  cues.filter((cue) => cue.kind === "section");

/** The stems that sound in a section, or are silent there as they rest. */
const stemsIn = ({ opened }: Rehearsal, section: number): readonly string[] =>
  opened
    .filter(({ voice }) => voice.startsWith(`${section}:`))
    .map(({ voice }) => voice.slice(2))
    .toSorted();

describe("a bridge with an authored take", () => {
  test("plays it from its first frame on, without a fade, and the other stems in notes", async () => {
    const result = await play(fill());
    expect(sectionsOf(result).map(({ entersAt }) => entersAt)).toEqual([0, 8, 16]);
    for (const at of [0.01, 3, 7.9]) nearly(result, "1:drums", 8 + at, at * RATE);
    expect(heard(result, "1:bass", 10)).toEqual({ sample: 0, chunks: 1 });
    const opened = result.opened.find(({ voice }) => voice === "1:drums");
    expect(opened).toMatchObject({ at: expect.closeTo(8, 3), fade: 0 });
    expect(result.opened.find(({ voice }) => voice === "1:bass")).toMatchObject({ fade: 1 });
    expect(result.sources).toContain("calm 0 bank drums:fill");
    expect(result.counts["late"]).toBeUndefined();
  });

  test("is heard in it, however calm the game and whatever stems the mood has", async () => {
    const drumless = mood("calm", { stems: { bass: unitInterval(0) } });
    const { drums, ...others } = mood("calm").stems;
    const moods = [drumless, mood("danger"), mood("mystery", { stems: others })];
    expect(drums).not.toBe(0);
    const levels = async (changes: Partial<Score>): Promise<readonly unknown[]> => {
      const { cues } = await play(fill(), { changes });
      return cues.filter(
        (cue) => cue.kind === "layer" && cue.section === 1 && cue.stem === "drums",
      );
    };
    expect(await levels({ moods })).toMatchObject([{ gain: 1 }]);
    expect(await levels({})).toMatchObject([{ gain: 1 }]);
  });

  test("rings on after its last bar, under the new mood, and does not begin again", async () => {
    const result = await play(fill({ tail: seconds(3) }));
    nearly(result, "1:drums", 16.01, 8.01 * RATE);
    nearly(result, "1:drums", 17.4, 9.4 * RATE);
    const plain = await play(fill());
    expect(heard(plain, "1:drums", 16.2).sample).toBe(0);
  });

  test("goes round in a bridge that is longer, and fades out where it would have more bars", async () => {
    const long = await play(fill(), { bars: 3 });
    nearly(long, "1:drums", 8 + 8.5, 0.5 * RATE);
    nearly(long, "1:drums", 20.2, 4.2 * RATE);
    const short = await play(fill(), { bars: 1 });
    expect(sectionsOf(short).map(({ entersAt }) => entersAt)).toEqual([0, 8, 12]);
    nearly(short, "1:drums", 12.2, 4.2 * RATE);
  });

  test("has the stems that it names and no others", async () => {
    const result = await play(fill(), { parts: { stems: ["harmony"] } });
    expect(stemsIn(result, 1)).toEqual(["drums", "harmony"]);
    const alone = await play(fill(), { parts: { stems: ["drums"] } });
    expect(stemsIn(alone, 1)).toEqual(["drums"]);
  });

  test("asks nothing of the model where its takes are all that it has, and has their pickup before it", async () => {
    const spec = fill({ entry: seconds(0.3) });
    const options = { generatorDelay: () => 0.01, parts: { stems: ["drums"] } } as const;
    const result = await play(spec, options);
    const opened = result.opened.find(({ voice }) => voice === "1:drums");
    expect(opened?.at).toBeCloseTo(8 - 0.3, 3);
    nearly(result, "1:drums", 7.9, 0.2 * RATE);
    expect(result.sources.filter((source) => source.endsWith("drums:fill"))).toHaveLength(1);
    expect(result.counts["writtenLate"]).toBeUndefined();
  });

  test("leaves the stems of its takes out of what the model writes", async () => {
    const result = await play(fill(), { generatorDelay: () => 0.2 });
    expect(result.sources).toContain("calm 0 model drums:fill");
  });

  test("is generated, in the stems of the mood and with a fault, while its take is not there", async () => {
    const result = await play(fill(), { from: Infinity, parts: { stems: ["drums"] } });
    expect(stemsIn(result, 1)).toEqual(stemsIn(result, 0));
    expect(heard(result, "1:drums", 10)).toEqual({ sample: 0, chunks: 1 });
    expect(result.counts["notInMemory"]).toBe(1);
  });

  test("is generated, with a fault, in another tempo and another meter", async () => {
    const slow: GameEvent = { kind: "time-scale", at: seconds(1), scale: 0.5 };
    const options = { events: [slow, go(5.2, "cave")], until: 30 };
    const result = await play(fill(), options);
    const bridge = sectionsOf(result).find((section) => section.bridge !== undefined);
    expect(bridge?.tempo).toBe(30);
    expect(heard(result, `${bridge?.index}:drums`, (bridge?.entersAt ?? 0) + 3).sample).toBe(0);
    expect(result.counts["outOfTempo"]).toBe(1);
    const other = await play(fill({ meter: "3/4" }));
    expect(other.counts["outOfTempo"]).toBe(1);
    expect(heard(other, "1:drums", 10).sample).toBe(0);
    expect(other.counts["notInMemory"]).toBeUndefined();
  });

  test("keeps the tempo of the mood that is left to its end", async () => {
    const moods = [mood("calm"), mood("danger"), mood("mystery", { tempo: bpm(120) })];
    const result = await play(fill(), { changes: { moods } });
    const [, bridge, mystery] = sectionsOf(result);
    expect(bridge).toMatchObject({ tempo: 60, ramp: undefined });
    expect(mystery).toMatchObject({ entersAt: 16, tempo: 120 });
    nearly(result, "1:drums", 15.9, 7.9 * RATE);
  });
});
