import type { BankPhrase } from "../../engine/bank/bank.ts";
import { STEMS, type Stem } from "../../engine/music/stem.ts";
import type { Renderer } from "../../engine/renderer-worker/renderer.ts";
import type { FrameNote, Palette } from "../../engine/renderer-worker/service.ts";
import { ticksPerBar } from "../../engine/time/meter.ts";
import { bpm, frames, midiPitch, TICKS_PER_QUARTER, velocity } from "../../engine/time/units.ts";
import { loudnessOf } from "./loudness.ts";

export const SAMPLE_RATE = 44_100;
const TEMPO = bpm(100);
/** Seconds in which the last notes ring out. */
const TAIL = 1;
const FRAMES_PER_TICK = (SAMPLE_RATE * 60) / (TEMPO * TICKS_PER_QUARTER);

function notesOf({ notes }: BankPhrase, stem: Stem): readonly FrameNote[] {
  const numbers = notes[stem];
  return Array.from({ length: numbers.length / 4 }, (_, index) => {
    const [at = 0, duration = 1, pitch = 60, loudness = 64] = numbers.slice(
      4 * index,
      4 * index + 4,
    );
    return {
      at: frames(at * FRAMES_PER_TICK),
      end: frames((at + duration) * FRAMES_PER_TICK),
      pitch: midiPitch(pitch),
      velocity: velocity(loudness),
    };
  }).sort((a, b) => a.at - b.at);
}

/** A phrase of the bank on a palette at 100 bpm, all five stems at full level and dry: left and right. */
export function mixOf(
  renderer: Renderer,
  { name, voices }: Palette,
  phrase: BankPhrase,
): readonly [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>] {
  const length = phrase.bars * ticksPerBar(phrase.meter) * FRAMES_PER_TICK + TAIL * SAMPLE_RATE;
  const to = frames(length);
  const left = new Float32Array(to);
  const right = new Float32Array(to);
  for (const stem of STEMS) {
    const take = `${name} ${stem}`;
    const notes = notesOf(phrase, stem);
    const chunk = renderer.render({ take, voice: voices[stem], notes, from: frames(0), to });
    renderer.release(take);
    for (let i = 0; i < to; i += 1) {
      left[i] = (left[i] ?? 0) + (chunk.left[i] ?? 0);
      right[i] = (right[i] ?? 0) + (chunk.right[i] ?? 0);
    }
  }
  return [left, right];
}

/** Its integrated loudness in LUFS. */
export const loudnessOn = (renderer: Renderer, palette: Palette, phrase: BankPhrase): number =>
  loudnessOf(mixOf(renderer, palette, phrase), SAMPLE_RATE);
