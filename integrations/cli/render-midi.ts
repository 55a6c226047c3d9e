/**
 * Plays MIDI files through the engine's synthesiser and its soundfonts into 16-bit stereo WAV files at
 * 44.1 kHz: `npm run render -- IN.mid OUT.wav [IN.mid OUT.wav …]`. Dry, as the renderer worker makes it;
 * reverb belongs to the player. A mix that would clip is turned down as a whole.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { audioToWav, BasicMIDI, MIDIMessageTypes } from "spessasynth_core";
import { STEMS, type Stem } from "../../engine/music/stem.ts";
import { PALETTES } from "../../engine/renderer-worker/palettes.ts";
import type { Renderer } from "../../engine/renderer-worker/renderer.ts";
import type { FrameNote, Palette, Voice } from "../../engine/renderer-worker/service.ts";
import { frames, midiPitch, velocity } from "../../engine/time/units.ts";
import { openShippedRenderer } from "./shipped-renderer.ts";

const SAMPLE_RATE = 44_100;
const DRUM_CHANNEL = 9;
/** Time for the last notes to ring out. */
const TAIL_SECONDS = 2.5;
/** The renderer's longest stretch. */
const LONGEST_SECONDS = 300;
/** -1 dBFS: room for what a converter makes between samples. */
const PEAK = 10 ** (-1 / 20);
/** Mean pitches of channels whose program no palette has: below the first it is a bass, above the second a melody. */
const LOW_PITCH = 50;
const HIGH_PITCH = 67;

interface Part {
  readonly program: number;
  readonly drums: boolean;
  readonly notes: readonly FrameNote[];
}

/** The channels that hold notes. Throws when there are none, or more than five minutes of them. */
function readParts(path: string): readonly Part[] {
  const midi = BasicMIDI.fromArrayBuffer(new Uint8Array(readFileSync(path)).buffer);
  const programs = new Map<number, number>();
  for (const { events } of midi.tracks) {
    for (const { statusByte, data } of events) {
      const channel = statusByte & 0x0f;
      if ((statusByte & 0xf0) !== MIDIMessageTypes.programChange || programs.has(channel)) continue;
      programs.set(channel, data[0] ?? 0);
    }
  }
  const parts = midi.getNoteTimes().flatMap((times, channel) => {
    const notes = times
      .map(({ start, length, midiNote, velocity: loudness }) => ({
        at: frames(start * SAMPLE_RATE),
        end: frames((start + length) * SAMPLE_RATE),
        pitch: midiPitch(midiNote),
        velocity: velocity(loudness),
      }))
      .sort((a, b) => a.at - b.at);
    const part = { program: programs.get(channel) ?? 0, drums: channel === DRUM_CHANNEL, notes };
    return notes.length === 0 ? [] : [part];
  });
  if (parts.length === 0) throw new RangeError("it holds no notes");
  return parts;
}

/** The palette that has most of the programs. */
function paletteOf(parts: readonly Part[]): Palette {
  const found = (palette: Palette): number =>
    parts.filter((part) => STEMS.some((stem) => plays(palette.voices[stem], stem, part))).length;
  return PALETTES.reduce((best, palette) => (found(palette) > found(best) ? palette : best));
}

const plays = (voice: Voice, stem: Stem, { program, drums }: Part): boolean =>
  voice.program === program && (stem === "drums") === drums;

/** The voice with the part's program; else that of the stem that the part's pitches suggest. */
function voiceOf(part: Part, palette: Palette): Voice {
  const stem = STEMS.find((name) => plays(palette.voices[name], name, part));
  if (stem !== undefined) return palette.voices[stem];
  if (part.drums) return palette.voices.drums;
  const mean = part.notes.reduce((sum, { pitch }) => sum + pitch, 0) / part.notes.length;
  return palette.voices[mean < LOW_PITCH ? "bass" : mean > HIGH_PITCH ? "melody" : "harmony"];
}

/** Writes one WAV file and says in a line what it is. */
function renderFile(renderer: Renderer, input: string, output: string): string {
  const parts = readParts(input);
  const palette = paletteOf(parts);
  const last = Math.max(...parts.flatMap(({ notes }) => notes.map(({ end }) => end)));
  const length = last + TAIL_SECONDS * SAMPLE_RATE;
  if (length > LONGEST_SECONDS * SAMPLE_RATE) {
    throw new RangeError(`it is longer than ${LONGEST_SECONDS - TAIL_SECONDS} s`);
  }
  const left = new Float32Array(length);
  const right = new Float32Array(length);
  for (const [index, part] of parts.entries()) {
    const take = `${input} ${index}`;
    const voice = voiceOf(part, palette);
    const request = { take, voice, notes: part.notes, from: frames(0), to: frames(length) };
    const chunk = renderer.render(request);
    renderer.release(take);
    for (let i = 0; i < length; i += 1) {
      left[i] = (left[i] ?? 0) + (chunk.left[i] ?? 0);
      right[i] = (right[i] ?? 0) + (chunk.right[i] ?? 0);
    }
  }
  let peak = 0;
  for (let i = 0; i < length; i += 1) {
    peak = Math.max(peak, Math.abs(left[i] ?? 0), Math.abs(right[i] ?? 0));
  }
  const gain = Math.min(1, PEAK / peak);
  for (const channel of [left, right]) channel.forEach((x, i) => (channel[i] = x * gain));
  const partial = `${output}.${process.pid}`;
  const wave = audioToWav([left, right], SAMPLE_RATE, { normalizeAudio: false });
  writeFileSync(partial, new Uint8Array(wave));
  renameSync(partial, output);
  const decibels = (20 * Math.log10(peak * gain)).toFixed(1);
  return `${output}: ${(length / SAMPLE_RATE).toFixed(1)} s, ${palette.name}, peak ${decibels} dBFS`;
}

async function main(paths: readonly string[]): Promise<void> {
  if (paths.length === 0 || paths.length % 2 !== 0) {
    throw new RangeError("usage: npm run render -- IN.mid OUT.wav [IN.mid OUT.wav …]");
  }
  const renderer = await openShippedRenderer(SAMPLE_RATE);
  for (let i = 0; i < paths.length; i += 2) {
    const [input = "", output = ""] = paths.slice(i, i + 2);
    try {
      console.log(renderFile(renderer, input, output));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      console.error(`${input} cannot be rendered: ${reason}`);
      process.exitCode = 1;
    }
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
