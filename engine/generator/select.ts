import { argmax } from "./distribution.ts";

/**
 * Draws which of some independent chances come true, so that each keeps its probability while their
 * number stays within one of the expectation (systematic sampling, Madow 1949).
 */
export function drawSystematic(
  chances: Float64Array,
  from: number,
  to: number,
  uniform: number,
  drawn: Uint8Array,
): void {
  let sum = uniform;
  for (let i = from; i < to; i += 1) {
    const next = sum + (chances[i] ?? 0);
    drawn[i] = Math.floor(next) > Math.floor(sum) ? 1 : 0;
    sum = next;
  }
}

/** Draws the likeliest of a stretch in which none is drawn. */
export function drawOneAtLeast(
  chances: Float64Array,
  from: number,
  to: number,
  drawn: Uint8Array,
): void {
  if (drawn.subarray(from, to).includes(1)) return;
  drawn[from + argmax(chances.subarray(from, to), to - from)] = 1;
}

/** Marks the most likely ones, as many as are expected. Empties their chances. */
export function takeLikeliest(
  chances: Float64Array,
  from: number,
  to: number,
  drawn: Uint8Array,
): void {
  const stretch = chances.subarray(from, to);
  const wanted = Math.round(stretch.reduce((sum, chance) => sum + chance, 0));
  drawn.fill(0, from, to);
  for (let taken = 0; taken < wanted; taken += 1) {
    const best = argmax(stretch, stretch.length);
    drawn[from + best] = 1;
    stretch[best] = -1;
  }
}

/**
 * Marks `wanted` of `count` cells: from each kind (0, 1, 2) its share of them, the highest scores
 * first. Taking shares keeps the easy kinds, rests above all, from being decided first and crowding
 * out the notes.
 */
export function takeShares(
  kinds: Uint8Array,
  scores: Float64Array,
  count: number,
  wanted: number,
  uniform: number,
  taken: Uint8Array,
): void {
  if (wanted >= count) {
    taken.fill(1, 0, count);
    return;
  }
  taken.fill(0, 0, count);
  let seen = 0;
  for (let kind = 0; kind < 3; kind += 1) {
    const members: number[] = [];
    for (let i = 0; i < count; i += 1) if (kinds[i] === kind) members.push(i);
    const before = Math.floor((wanted * seen) / count + uniform);
    seen += members.length;
    const quota = Math.floor((wanted * seen) / count + uniform) - before;
    members.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
    for (const index of members.slice(0, quota)) taken[index] = 1;
  }
}
