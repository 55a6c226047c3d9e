import { GeneratorTypes } from "spessasynth_core";
import type { BasicPreset, BasicSoundBank, BasicZone } from "spessasynth_core";
import { keysOfKit } from "../../engine/renderer-worker/drum-keys.ts";
import { DRUM_BANK, PALETTES } from "../../engine/renderer-worker/palettes.ts";

/**
 * One key of every sample that is kept, by General MIDI program; the samples left out are covered by
 * their neighbours. Bass programs keep the low samples, every second one is enough for the rest.
 */
const KEPT_KEYS: Readonly<Record<number, readonly number[]>> = {
  24: [57, 64, 70],
  11: [50, 61, 69, 75, 87],
  12: [48, 60, 72, 90],
  14: [60],
  32: [24, 28, 33, 40, 52, 58],
  39: [30, 35, 45],
  46: [48, 57, 64, 70, 78, 90],
  49: [49, 58, 67, 73],
  53: [48, 56, 62, 68, 74],
  56: [64, 69, 73, 80, 88],
  58: [28, 33, 38, 43, 52, 60],
  60: [50, 57, 68],
  71: [50, 55, 61, 67, 72, 77, 82],
  73: [61, 64, 70, 74, 80, 84, 90],
  89: [49, 58, 67, 73],
  98: [60, 76, 90],
  108: [55, 65, 77, 90],
};

/**
 * Seconds after which instruments that were recorded to come in slowly are there, by General MIDI program: driven
 * music has chords in eighths, of which a pad that takes 0.8 s would be silent.
 */
const THERE_AFTER: Readonly<Record<number, number>> = { 49: 0.12, 89: 0.15 };

const VELOCITIES: ReadonlySet<number> = new Set(Array.from({ length: 127 }, (_, i) => i + 1));

export interface PresetKeys {
  readonly drums: boolean;
  readonly bank: number;
  readonly program: number;
  readonly keys: readonly number[];
}

/** The presets of the palettes that play on the first soundfont, each with the keys whose samples are kept. */
function neededPresets(): readonly PresetKeys[] {
  const needed = new Map<string, PresetKeys>();
  const voices = PALETTES.flatMap((palette) => Object.values(palette.voices));
  for (const voice of voices) {
    if (voice.kind === "synthesised" || voice.font !== undefined) continue;
    const { bank, program } = voice;
    const drums = bank === DRUM_BANK;
    const keys = drums ? keysOfKit(program) : KEPT_KEYS[program];
    if (keys === undefined) throw new RangeError(`program ${program} has no entry in KEPT_KEYS`);
    needed.set(`${bank}:${program}`, { drums, bank, program, keys });
  }
  return [...needed.values()];
}

/** All that the soundfont of the band is made of: the same text gives the same file. */
export const bandRecipe = (): unknown => [neededPresets(), THERE_AFTER];

/** Reduces a sound bank, in place, to the band. Throws `RangeError` on a missing preset. */
export function seatBand(bank: BasicSoundBank): void {
  reduceBank(bank, neededPresets());
  for (const { program, isGMGSDrum, zones } of bank.presets) {
    const longest = THERE_AFTER[program];
    if (longest === undefined || isGMGSDrum) continue;
    // Timecents, of which 1200 double a time from one second on.
    const most = Math.round(1200 * Math.log2(longest));
    for (const zone of zones.flatMap(({ instrument }) => instrument.zones)) {
      zone.setGenerator(GeneratorTypes.attackVolEnv, most);
    }
  }
}

/** Throws `RangeError` where the soundfont lacks it. */
export function presetIn(
  { presets }: BasicSoundBank,
  { drums, bank, program }: Omit<PresetKeys, "keys">,
): BasicPreset {
  const preset = presets.find(
    (candidate) =>
      candidate.program === program &&
      candidate.isGMGSDrum === drums &&
      (drums || (candidate.bankMSB === bank && candidate.bankLSB === 0)),
  );
  if (preset === undefined) throw new RangeError(`no preset ${bank}:${program} in the soundfont`);
  return preset;
}

/** Reduces a sound bank, in place, to the needed presets. Throws `RangeError` on a missing preset. */
export function reduceBank(bank: BasicSoundBank, needed: readonly PresetKeys[]): void {
  const kept = new Map<BasicPreset, Map<number, Set<number>>>();
  for (const { keys, ...wanted } of needed) {
    kept.set(presetIn(bank, wanted), new Map(keys.map((key) => [key, new Set(VELOCITIES)])));
  }
  bank.trim(kept);
  for (const preset of kept.keys()) {
    if (preset.isGMGSDrum) continue;
    closeGaps(preset.zones, () => undefined);
    for (const { instrument } of preset.zones) {
      closeGaps(instrument.zones, (zone) => zone.sample.originalKey);
    }
  }
}

/**
 * Stretches key ranges until all 128 keys are covered: a gap is split half-way between the root keys
 * of its neighbours, and the outermost samples go to the ends. Stereo pairs and velocity layers share
 * a range and move together; overlapping ranges are layers and stay as they are.
 */
function closeGaps<Zone extends BasicZone>(
  zones: readonly Zone[],
  rootOf: (zone: Zone) => number | undefined,
): void {
  const ranges = new Map(zones.map((zone) => [zone.keyRange.min, { ...zone.keyRange, zone }]));
  const groups = [...ranges.values()].sort((a, b) => a.min - b.min);
  if (groups.some(({ min }, index) => min <= (groups[index - 1]?.max ?? -1))) return;
  let low = 0;
  for (const [index, { min, max, zone }] of groups.entries()) {
    const next = groups[index + 1];
    const root = rootOf(zone) ?? max;
    const nextRoot = next === undefined ? 0 : (rootOf(next.zone) ?? next.min);
    const middle = Math.floor((root + nextRoot) / 2);
    const high = next === undefined ? 127 : Math.max(max, Math.min(next.min - 1, middle));
    for (const member of zones) {
      if (member.keyRange.min === min) member.keyRange = { min: low, max: high };
    }
    low = high + 1;
  }
}
