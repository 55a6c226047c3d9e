/** Longer names are not compared; no name of a score may be longer. */
const MAX_LENGTH = 64;

/** No more letters are ever taken for a slip. */
const MAX_DISTANCE = 3;

/**
 * The candidate spelt most like `name`, capitals aside; undefined when more than a third of the
 * letters, or more than three, would have to change. The first of equals wins.
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let least = Math.min(MAX_DISTANCE, Math.ceil(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least && distance < candidate.length) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/**
 * Insertions, deletions, changes and swaps of neighbours that turn one word into the other, right up
 * to `MAX_DISTANCE` and too large beyond: optimal string alignment, the restricted form of
 * F. J. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7(3),
 * 1964, within the band around the diagonal that so few edits can reach.
 */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 2 }, (_, column) => column);
  let row: number[] = [];
  for (let i = 1; i <= a.length; i += 1) {
    const start = Math.max(1, i - MAX_DISTANCE);
    const end = Math.min(b.length, i + MAX_DISTANCE);
    // The rows are used over and over, so the cells beside the band are closed first.
    row[start - 1] = start === 1 ? i : Infinity;
    row[end + 1] = Infinity;
    for (let j = start; j <= end; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row[j] = cost;
    }
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity;
