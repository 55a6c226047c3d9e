import { STEMS, type PerStem } from "../music/stem.ts";
import { estimateChord } from "./chord-estimate.ts";
import type { WindowSpec } from "./encode.ts";
import { halfToken, halfTokens, type Geometry } from "./geometry.ts";
import type { GridNote } from "./quantise.ts";
import * as T from "./tokens.ts";

interface EncodedChords {
  /** Ids of the tokens. */
  readonly chords: Int32Array<ArrayBuffer>;
  /** 1 for each half bar whose chord is to be decided. */
  readonly openHalves: Uint8Array;
  /** What harmony counts from in each half bar; no chord where it is open. */
  readonly ids: Int32Array;
}

/**
 * The chords of a window: as planned, or, where the plan leaves them open, heard out of the notes
 * that are kept; where there are none, masked. Windows of nothing but drums have no chords.
 */
export function encodeChords(
  spec: WindowSpec,
  notes: PerStem<readonly GridNote[]>,
  geometry: Geometry,
): EncodedChords {
  const chords = new Int32Array(T.TOKENS).fill(T.CHORD_ABSENT);
  const ids = new Int32Array(2 * geometry.bars).fill(T.NO_CHORD);
  const openHalves = new Uint8Array(2 * geometry.bars);
  const pitched = spec.mask.some((bar) =>
    STEMS.some((stem) => stem !== "drums" && bar[stem] !== "absent"),
  );
  for (let half = 0; half < 2 * geometry.bars; half += 1) {
    const chord = spec.bars[half >> 1]?.chords[half % 2];
    const from = (half * geometry.slots) / 2;
    const to = from + geometry.slots / 2;
    const given = notes.harmony.some(({ slot, end }) => slot < to && end > from);
    const open = chord === undefined && !given;
    if (chord !== undefined) ids[half] = T.chordId(chord);
    else if (given) ids[half] = estimateChord(notes, from, to, spec.bars[0]?.key.tonic ?? 0);
    openHalves[half] = open && pitched ? 1 : 0;
    const token = halfToken(geometry, half);
    const id = open ? T.CHORD_MASK : (ids[half] ?? T.NO_CHORD);
    if (pitched) chords.fill(id, token, token + halfTokens(geometry));
  }
  return { chords, openHalves, ids };
}
