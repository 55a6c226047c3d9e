import { DRUM_LANES } from "./tokens.ts";

const [LOW, HIGH, PERC] = DRUM_LANES;
const KICK = 1;
const SNARE = 2;
const SIDE = 4;
const PERCUSSION = 4;
const TWO_TOMS = 5;

/** General MIDI keys that each drum id plays, by lane. */
const KEYS: Readonly<Record<number, readonly (readonly number[])[]>> = {
  [LOW]: [[], [36], [38], [36, 38], [37], [36, 37]],
  [HIGH]: [[], [42], [46], [44], [51], [53], [49]],
  [PERC]: [[], [43], [45], [48], [70], [43, 48]],
};

const GROUPS: readonly (readonly [lane: number, id: number, keys: readonly number[]])[] = [
  [LOW, KICK, [35, 36]],
  [LOW, SNARE, [38, 40]],
  [LOW, SIDE, [37, 39]],
  [HIGH, 1, [42, 22]],
  [HIGH, 2, [46, 26]],
  [HIGH, 3, [44]],
  [HIGH, 4, [51, 59]],
  [HIGH, 5, [53]],
  [HIGH, 6, [49, 52, 55, 57]],
  [PERC, 1, [41, 43, 58]],
  [PERC, 2, [45, 47]],
  [PERC, 3, [48, 50]],
  [PERC, PERCUSSION, [54, 56, ...Array.from({ length: 22 }, (_, i) => 60 + i)]],
];
const ID_OF_KEY: ReadonlyMap<number, readonly [lane: number, id: number]> = new Map(
  GROUPS.flatMap(([lane, id, keys]) => keys.map((key) => [key, [lane, id] as const] as const)),
);
/** Where two hats or cymbals meet, the one that stands later here wins. */
const HIGH_PRIORITY = [0, 1, 3, 2, 4, 5, 6];

/** General MIDI keys of a drum id; empty for silence. */
export const drumKeys = (lane: number, id: number): readonly number[] => KEYS[lane]?.[id] ?? [];

/** The ids (low, high, percussion) of the General MIDI keys struck in one slot; unknown keys are left out. */
export function drumIds(keys: readonly number[]): readonly [number, number, number] {
  const hits = keys.map((key) => ID_OF_KEY.get(key)).filter((hit) => hit !== undefined);
  const idsIn = (lane: number): Set<number> =>
    new Set(hits.filter((hit) => hit[0] === lane).map((hit) => hit[1]));
  const low = idsIn(LOW);
  const kick = low.has(KICK) ? 1 : 0;
  const lowId = low.has(SNARE) ? SNARE + kick : low.has(SIDE) ? SIDE + kick : kick;
  const perc = idsIn(PERC);
  const toms = [...perc].filter((id) => id !== PERCUSSION);
  const percId = toms.length > 1 ? TWO_TOMS : (toms[0] ?? (perc.has(PERCUSSION) ? PERCUSSION : 0));
  const high = idsIn(HIGH);
  return [lowId, HIGH_PRIORITY.findLast((id) => high.has(id)) ?? 0, percId];
}
