import type { Font } from "./font.ts";
import type { Voice } from "./service.ts";
import { BLOCK_FRAMES } from "./voices/instrument.ts";
import { openInstrument } from "./voices/open-instrument.ts";

/** Drums are advanced by at most this time: a shaker needs 16 ms, most need 1–3 ms. */
const LONGEST_SECONDS = 0.02;
/** How long an attack is watched for its peak. */
const WATCHED_SECONDS = 0.045;
/** A drum is heard where it first reaches this share of its attack's peak (-20 dB). */
const HEARD = 0.1;

/** Frames by which a drum may be advanced: the head of every drum take that is never heard. */
export const drumHead = (sampleRate: number): number => Math.ceil(LONGEST_SECONDS * sampleRate);

/**
 * Measures how many frames after its note-on a drum key is heard, within 0 and `drumHead`: recordings
 * start with near silence or a swell, each with its own. Cached, as a key's attack never changes.
 */
export function createDrumOnsets(
  font: Font,
  goesOn: () => void,
): (voice: Voice, key: number) => number {
  const known = new Map<string, number>();
  return (voice, key) => {
    goesOn();
    const name = `${voice.kind === "sampled" ? voice.program : voice.patch}:${key}`;
    const onset = known.get(name) ?? measure(font, voice, key);
    known.set(name, onset);
    return onset;
  };
}

function measure(font: Font, voice: Voice, key: number): number {
  const instrument = openInstrument(font, voice);
  const left = new Float32Array(BLOCK_FRAMES);
  const right = new Float32Array(BLOCK_FRAMES);
  const attack: number[] = [];
  instrument.noteOn(key, 100, "all");
  while (attack.length < WATCHED_SECONDS * font.sampleRate) {
    left.fill(0);
    right.fill(0);
    instrument.process(left, right, BLOCK_FRAMES);
    for (const [i, level] of left.entries()) attack.push(Math.abs(level) + Math.abs(right[i] ?? 0));
  }
  const threshold = attack.reduce((peak, level) => Math.max(peak, level), 0) * HEARD;
  const onset = attack.findIndex((level) => level >= threshold);
  return Math.min(onset, drumHead(font.sampleRate));
}
