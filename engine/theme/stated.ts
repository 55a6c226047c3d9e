import { formatKey, scaleOf, type Key } from "../music/key.ts";
import { bpm, TICKS_PER_QUARTER, type Bpm } from "../time/units.ts";
import type { GridNote } from "./grid.ts";
import { estimateKey, keyFit } from "./key-profile.ts";
import type { Measures } from "./measures.ts";
import type { From, MidiContent } from "./midi-bytes.ts";

/** Takes what the composer should know. */
export type Remark = (text: string) => void;

/** What a file means that states no tempo. */
const USUAL_TEMPO = 120;
const [SLOWEST, FASTEST] = [40, 240];

/** The tempo at the theme's beginning, in the engine's quarter notes and within its range. */
export function findTempo(
  tempos: readonly From<number>[],
  { match, from }: Measures,
  remark: Remark,
): Bpm {
  const stated = (lastBefore(tempos, from) ?? tempos[0])?.value ?? USUAL_TEMPO;
  const tempo = Math.round((stated * match.scale * 1000) / TICKS_PER_QUARTER) / 1000;
  const within = Math.max(SLOWEST, Math.min(FASTEST, tempo));
  if (within !== tempo) remark(`the tempo is beyond the engine's; ${within} is taken`);
  return bpm(within);
}

/** Software states C major where its user stated nothing: it is doubted if less than this fits it. */
const DOUBTFUL = 0.75;
/** Much software writes every key as major. The relative minor must fit so much better to be spoken of. */
const CLEARLY = 0.2;

/** The key signature at the theme's beginning, or else the key that its notes are in. */
export function findKey(
  keys: MidiContent["keys"],
  { from }: Measures,
  notes: readonly GridNote[],
  remark: Remark,
): Key {
  const weights: number[] = Array.from({ length: 12 }, () => 0);
  for (const { slot, end, note } of notes) {
    weights[note.pitch % 12] = (weights[note.pitch % 12] ?? 0) + end - slot;
  }
  const stated = lastBefore(keys, from)?.value;
  if (stated === undefined) {
    const key = estimateKey(weights);
    remark(`the file states no key; ${formatKey(key)} is what its notes fit`);
    return key;
  }
  const { sharps, minor } = stated;
  const tonic = (((sharps * 7 + (minor ? 9 : 0)) % 12) + 12) % 12;
  if (minor) return { tonic, mode: "aeolian" };
  const major = { tonic, mode: "ionian" } as const;
  if (sharps === 0 && fits(weights, major) < DOUBTFUL) {
    const other = estimateKey(weights);
    remark(`the file states C major, but its notes fit ${formatKey(other)}, which is taken`);
    return other;
  }
  const relative = { tonic: (tonic + 9) % 12, mode: "aeolian" } as const;
  if (keyFit(weights, relative) > keyFit(weights, major) + CLEARLY) {
    const key = formatKey(major);
    remark(`the file states ${key}, which is taken; its notes fit ${formatKey(relative)} better`);
  }
  return major;
}

/** Share of the notes' time within a key. */
function fits(weights: readonly number[], { tonic, mode }: Key): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scale = scaleOf(mode).map((step) => weights[(tonic + step) % 12] ?? 0);
  return scale.reduce((sum, weight) => sum + weight, 0) / total;
}

/** How much later (quarter notes) something may be stated than it should hold. */
const LATE = 0.1;

const lastBefore = <Value>(list: readonly From<Value>[], at: number): From<Value> | undefined =>
  list.findLast((entry) => entry.at <= at + LATE);
