import { isSound, matchMeter, quartersPerBar, type MeterMatch } from "./meter-match.ts";
import type { From, TimeSignature } from "./midi-bytes.ts";

/** Where the theme's bars lie in the file, in quarter notes. */
export interface Measures {
  /** What the file says of its bars. */
  readonly signature: TimeSignature;
  readonly match: MeterMatch;
  /** Beginning of the first whole bar. */
  readonly from: number;
  /** Where another meter begins; infinite where none does. */
  readonly until: number;
  /** Length of the incomplete bar before the first whole one; 0 is none. */
  readonly pickup: number;
}

interface Segment {
  readonly signature: TimeSignature;
  readonly from: number;
  readonly until: number;
}

const FOUR_FOUR: TimeSignature = { numerator: 4, denominator: 4 };

/**
 * Finds the bars around a melody whose first and last onsets are given. A melody that begins in the
 * second half of a bar begins with a pickup, and so does one in a bar that its own time signature makes
 * shorter than the bars after it.
 */
export function findMeasures(
  signatures: readonly From<TimeSignature>[],
  first: number,
  last: number,
): Measures {
  const segments = segmentsOf(signatures);
  // To the sixteenth: a player may be early.
  const onset = Math.round(first * 4) / 4;
  const index = Math.max(
    0,
    segments.findLastIndex(({ from }) => from <= onset),
  );
  const segment = segments[index] ?? { signature: FOUR_FOUR, from: 0, until: Infinity };
  const following = segments[index + 1];
  const bar = quartersPerBar(segment.signature);
  const length = segment.until - segment.from;
  if (following !== undefined && following.from <= last) {
    if (length <= bar && length < quartersPerBar(following.signature)) {
      return measuresOf(following, following.from, onset);
    }
  }
  const start = segment.from + Math.floor((onset - segment.from) / bar) * bar;
  const next = start + bar;
  if (onset - start < bar / 2 || next > Math.round(last * 4) / 4) {
    return measuresOf(segment, start, start);
  }
  return next >= segment.until && following !== undefined
    ? measuresOf(following, following.from, onset)
    : measuresOf(segment, next, onset);
}

const measuresOf = ({ signature, until }: Segment, from: number, onset: number): Measures => ({
  signature,
  match: matchMeter(signature),
  from,
  until,
  pickup: from - onset,
});

/** Stretches of one meter; 4/4 where the file says nothing or nonsense. */
function segmentsOf(signatures: readonly From<TimeSignature>[]): readonly Segment[] {
  const changes: From<TimeSignature>[] = [{ at: 0, value: FOUR_FOUR }];
  for (const { at, value } of signatures) {
    const sound = isSound(value) ? value : FOUR_FOUR;
    const before = changes.at(-1);
    if (before?.at === at) changes.pop();
    const { numerator, denominator } = changes.at(-1)?.value ?? { numerator: 0, denominator: 0 };
    if (sound.numerator === numerator && sound.denominator === denominator) continue;
    changes.push({ at, value: sound });
  }
  return changes.map(({ at, value }, index) => ({
    signature: value,
    from: at,
    until: changes[index + 1]?.at ?? Infinity,
  }));
}
