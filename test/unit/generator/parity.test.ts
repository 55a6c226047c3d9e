import { expect, test } from "vitest";
import { encodeWindow, type EncodedWindow } from "../../../engine/generator/encode.ts";
import { sampleWindow, type Logits } from "../../../engine/generator/sampler.ts";
import * as T from "../../../engine/generator/tokens.ts";
import { TUNABLES } from "../../../engine/generator/tunables.ts";
import { createVoicings } from "../../../engine/generator/voicings.ts";
import { MODES, type Key } from "../../../engine/music/key.ts";
import type { Note } from "../../../engine/music/note.ts";
import { randomAt } from "../../../engine/music/random.ts";
import { STEMS, perStem, type PerStem } from "../../../engine/music/stem.ts";
import { unitInterval } from "../../../engine/time/units.ts";
import manifest from "../../../models/shipped/lite/model.json" with { type: "json" };
import { bars, maskAll, note, windowSpec } from "../../helpers/generator-fixtures.ts";

/** What Python reads, see `models/test/test_sampler.py`. */
const FIXTURE = "../../../models/sampler/parity.json";

const voicings = createVoicings(manifest.vocabulary.voicings);
const LOGITS = 70;

/** Logits that no network gave, another set for each pass: Python computes the same ones. */
function logitsOf(pass: number): Logits {
  const fill = (length: number, kind: number, add: (index: number) => number): Float32Array =>
    Float32Array.from(
      { length },
      (_, i) => 6 * randomAt(pass, LOGITS, kind, i) - 3 + add(i % T.SLOT_LOGITS),
    );
  const likely = new Float64Array(T.SLOT_LOGITS);
  for (let lane = 0; lane < T.LANE_COUNT; lane += 1) {
    if (lane === T.OCTAVE) continue;
    likely[T.offsetOf(lane) + T.HOLD] = lane > T.BASS ? 3 : 4.5;
    if (lane <= T.BASS) likely[T.offsetOf(lane) + T.REST] = 4;
  }
  likely[T.offsetOf(T.BASS) + T.ONSET + 12] = 4;
  return {
    cells: fill(T.WINDOW_SLOTS * T.SLOT_LOGITS, 0, (index) => likely[index] ?? 0),
    chords: fill(T.TOKENS * T.CHORD_CLASSES, 1, () => 0),
    expression: new Float32Array(T.WINDOW_SLOTS * T.SLOT_EXPRESSION),
  };
}

/** Two notes a bar in every stem: some lie early, some are held across the bar line. */
const music = (count: number, bar: number): PerStem<readonly Note[]> =>
  perStem((stem) => {
    const lowest = { melody: 67, counter: 60, harmony: 52, bass: 40, drums: 36 }[stem];
    return Array.from({ length: 2 * count }, (_, i) =>
      note((i * bar) / 2 + (i % 3) * 480, i % 2 === 0 ? 1440 : 1920, lowest + ((i * 5) % 7)),
    );
  });

const share = (value: number) => ({ rewrite: unitInterval(value) });
const open = [undefined, undefined] as const;

const cases = {
  "a fresh phrase in 4/4": {
    passes: 12,
    spec: windowSpec({
      bars: bars(4, {
        key: { tonic: 9, mode: "aeolian" },
        chords: [
          { root: 7, quality: "min" },
          { root: 3, quality: "maj7" },
        ],
      }),
      seed: 20,
    }),
  },
  "a variation in 3/4": {
    passes: 8,
    spec: windowSpec({
      bars: bars(4, {
        meter: "3/4",
        density: perStem(() => "free"),
        key: { tonic: 2, mode: "dorian" },
      }),
      given: music(4, 2880),
      mask: Array.from({ length: 4 }, (_, bar) => ({
        ...perStem(() => share(0.5)),
        bass: "keep" as const,
        counter: share(0),
        drums: bar === 3 ? ("write" as const) : share(0.3),
      })),
      seed: -7,
    }),
  },
  "chords left open": {
    passes: 12,
    spec: windowSpec({
      bars: bars(4, {
        chords: open,
        density: perStem(() => 3),
        key: { tonic: 4, mode: "mixolydian" },
      }),
      mask: maskAll(4, "write").map((bar) => ({ ...bar, counter: "absent" as const })),
      seed: 2 ** 31 + 5,
    }),
  },
  "a bridge into another key, with a fill": {
    passes: 8,
    spec: windowSpec({
      bars: bars(4, { key: { tonic: 9, mode: "aeolian" }, style: "game-driving" }).map(
        (plan, bar) =>
          bar < 2
            ? plan
            : {
                ...plan,
                modulatedTo: { tonic: 4, mode: "ionian" as const },
                role: bar === 2 ? ("fill" as const) : plan.role,
              },
      ),
      seed: 77,
    }),
  },
  "drums alone, in triplets": {
    passes: 4,
    spec: windowSpec({
      bars: bars(6, { meter: "12/8", density: perStem(() => 4) }),
      mask: maskAll(6, "absent").map((bar) => ({ ...bar, drums: "write" as const })),
      seed: 3,
    }),
  },
  "a bridge between two kept bars in 6/8": {
    passes: 12,
    spec: windowSpec({
      bars: bars(5, {
        meter: "6/8",
        chords: open,
        density: { ...perStem(() => 2), melody: 1, harmony: "free", drums: 0 },
      }),
      given: music(5, 2880),
      mask: Array.from({ length: 5 }, (_, bar) =>
        perStem(() => (bar === 0 || bar === 4 ? ("keep" as const) : ("write" as const))),
      ),
      seed: 99,
    }),
  },
};

/** Ids as text: `5x3 1` is 5 5 5 1. */
function runs(ids: ArrayLike<number>): string {
  const words: string[] = [];
  for (let from = 0; from < ids.length;) {
    let to = from + 1;
    while (to < ids.length && ids[to] === ids[from]) to += 1;
    words.push(to - from > 1 ? `${ids[from]}x${to - from}` : `${ids[from]}`);
    from = to;
  }
  return words.join(" ");
}

const lanesOf = (cells: ArrayLike<number>): readonly string[] =>
  T.LANES.map((_, lane) => runs(Array.from(cells).filter((_id, i) => i % T.LANE_COUNT === lane)));

/** A number for the key of each of 16 bars; the last for those beyond the window. */
function byBar({ plans }: EncodedWindow, of: (own: Key, key: Key) => number): string {
  const values = plans.map(({ key, modulatedTo = key }) => of(modulatedTo, key));
  return runs(Array.from({ length: T.WINDOW_BARS }, (_, i) => values[i] ?? values.at(-1) ?? 0));
}

/** What is given to either sampler. */
const inputsOf = (window: EncodedWindow) => ({
  modes: byBar(window, ({ mode }) => MODES.indexOf(mode)),
  above: byBar(window, ({ tonic }, key) => (tonic - key.tonic + 12) % 12),
  tonic: window.plans[0]?.key.tonic,
  cells: lanesOf(window.cells),
  chords: runs(window.chords),
  bars: runs(window.bars),
  open: lanesOf(window.open),
  openHalves: runs(window.openHalves),
  whole: runs(
    window.mask.flatMap((bar) => STEMS.map((stem) => Number(typeof bar[stem] === "string"))),
  ),
});

/** `vitest -u` writes the fixture anew, after a wanted change of the sampler or its numbers. */
test("the sampler writes the tokens that Python writes from the same logits", async () => {
  const windows = [];
  for (const [name, { spec, passes }] of Object.entries(cases)) {
    const window = encodeWindow(spec, voicings);
    const inputs = inputsOf(window);
    let pass = 0;
    await sampleWindow({
      window,
      voicings,
      seed: spec.seed,
      passes,
      cuts: TUNABLES.densityCuts,
      runPass: () => Promise.resolve(logitsOf(pass++)),
      next: () => Promise.resolve("continue"),
    });
    const written = { cells: lanesOf(window.cells), chords: runs(window.chords) };
    windows.push({ name, seed: spec.seed, passes, ...inputs, written });
  }
  await expect(`${JSON.stringify({ windows }, null, 1)}\n`).toMatchFileSnapshot(FIXTURE);
});
