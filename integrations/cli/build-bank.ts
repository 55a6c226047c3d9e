/**
 * Has the shipped model write the bank: the phrases that sound before the model is there and whenever
 * it is not. Run by hand after the model has changed: `npm run bank`. Deterministic on one machine.
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packTake } from "../../engine/bank/bank-file.ts";
import type { BankPhrase } from "../../engine/bank/bank.ts";
import { planPhrase } from "../../engine/composer/phrase-plan.ts";
import { requestFor, takeFrom } from "../../engine/composer/request.ts";
import { createGeneratorService } from "../../engine/generator-worker/create-service.ts";
import type { ReadModelFile } from "../../engine/generator/service.ts";
import type { Mode } from "../../engine/music/key.ts";
import { STEMS } from "../../engine/music/stem.ts";
import type { Mood } from "../../engine/score/score.ts";
import type { Meter } from "../../engine/time/meter.ts";
import { bpm, milliseconds, unitInterval } from "../../engine/time/units.ts";
import { modelFolder } from "./package-files.ts";

const BANK = fileURLToPath(new URL("../../engine/bank/bank.json", import.meta.url));

/** Phrases are four bars: longer plans repeat them, shorter ones cut them. */
const LENGTH = 4;
const SEED = 20261122;

interface Wanted {
  readonly mode: Mode;
  readonly meter: Meter;
  readonly valence: number;
  readonly arousal: number;
}

/** Every family of moods: bright to dark, calm to driven; triple and compound meters a few each. */
function wanted(): readonly Wanted[] {
  const moods: readonly { mode: Mode; valence: number }[] = [
    { mode: "ionian", valence: 0.7 },
    { mode: "mixolydian", valence: 0.4 },
    { mode: "dorian", valence: 0 },
    { mode: "aeolian", valence: -0.4 },
    { mode: "phrygian", valence: -0.7 },
  ];
  const levels: readonly { meter: Meter; arousals: readonly number[] }[] = [
    { meter: "4/4", arousals: [0.15, 0.4, 0.65, 0.9] },
    { meter: "3/4", arousals: [0.3, 0.7] },
    { meter: "6/8", arousals: [0.3, 0.7] },
  ];
  return levels.flatMap(({ meter, arousals }) =>
    moods.flatMap((mood) => arousals.map((arousal) => ({ ...mood, meter, arousal }))),
  );
}

/** The shipped model, from the disk. */
const readModel: ReadModelFile = async (file) => {
  if (file.kind === "runtime") return undefined;
  const name = file.kind === "manifest" ? "model.json" : file.name;
  return new Uint8Array(await readFile(join(modelFolder("lite"), name))).buffer;
};

const service = createGeneratorService({
  now: () => performance.timeOrigin + performance.now(),
  clock: () => performance.now(),
  pause: () => Promise.resolve(),
  signOfLife: () => undefined,
});
const { model } = await service.load({ backend: "wasm" }, readModel);

const phrases: BankPhrase[] = [];
for (const [index, { mode, meter, valence, arousal }] of wanted().entries()) {
  const mood: Mood = {
    name: "bank",
    ancestors: [],
    valence,
    arousal: unitInterval(arousal),
    tempo: bpm(100),
    meter,
    phrase: LENGTH,
    key: { tonic: 0, mode },
    style: undefined,
    stems: Object.fromEntries(STEMS.map((stem) => [stem, unitInterval(0)])),
    activity: {},
    form: [{ letter: "A", primes: 0 }],
    progressions: [],
    theme: undefined,
    takes: {},
    markers: [],
  };
  const intensity = mood.arousal;
  const plan = planPhrase({
    mood,
    visit: 0,
    index: 0,
    intensity,
    seed: SEED + index,
  });
  const request = requestFor(
    plan,
    { before: undefined, after: undefined, original: undefined },
    { id: `bank ${index}`, deadline: milliseconds(Infinity), priority: 0, passes: 16 },
  );
  phrases.push(packTake(takeFrom(request, await service.generate(request), plan)));
  process.stdout.write(`\rphrase ${index + 1} of ${wanted().length}`);
}
const lines = phrases.map((phrase) => JSON.stringify(phrase)).join(",\n");
await writeFile(`${BANK}.part`, `{"model":"${model.sha256}","phrases":[\n${lines}\n]}\n`);
await rename(`${BANK}.part`, BANK);
console.log(`\nwrote ${phrases.length} phrases of model ${model.name} ${model.version}`);
