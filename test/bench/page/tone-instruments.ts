/** The peer: the same notes through instruments of Tone.js, as a page would play them live. */
import * as Tone from "tone";
import type { FrameNote } from "../../../engine/renderer-worker/service.ts";
import { BAR_SECONDS, notesOf, SAMPLE_RATE } from "./piece.ts";

const BARS = 4;
const TAIL = 1.5;
/** Played with a drum that has a pitch: kicks and toms of the General MIDI map. */
const SKINS: ReadonlySet<number> = new Set([35, 36, 41, 43, 45, 47, 48, 50]);
const SNARES: ReadonlySet<number> = new Set([37, 38, 39, 40]);

interface Played {
  readonly at: number;
  readonly duration: number;
  readonly pitch: number;
  readonly velocity: number;
}

const played = ({ at, end, pitch, velocity }: FrameNote): Played => ({
  at: at / SAMPLE_RATE,
  duration: Math.max(0.02, (end - at) / SAMPLE_RATE),
  pitch,
  velocity: velocity / 127,
});

/** An instrument with one voice takes one note at a time. */
const oneAtATime = (notes: readonly Played[]): readonly Played[] =>
  notes.filter(({ at }, index) => index === 0 || at > (notes[index - 1]?.at ?? -1));

const frequency = ({ pitch }: Played): number => Tone.Frequency(pitch, "midi").toFrequency();

function playPitched(
  instrument: Tone.MonoSynth | Tone.PolySynth | Tone.MembraneSynth,
  notes: readonly Played[],
): void {
  for (const note of notes) {
    instrument.triggerAttackRelease(frequency(note), note.duration, note.at, note.velocity);
  }
}

const pan = (place: number): Tone.Panner => new Tone.Panner(place).toDestination();

function playDrums(drums: readonly Played[]): void {
  playPitched(
    new Tone.MembraneSynth().connect(pan(0)),
    oneAtATime(drums.filter(({ pitch }) => SKINS.has(pitch))),
  );
  const snare = new Tone.NoiseSynth().connect(pan(0));
  for (const { at, velocity } of oneAtATime(drums.filter(({ pitch }) => SNARES.has(pitch)))) {
    snare.triggerAttackRelease(0.15, at, velocity);
  }
  const metal = new Tone.MetalSynth().connect(pan(0.2));
  const rest = drums.filter(({ pitch }) => !SKINS.has(pitch) && !SNARES.has(pitch));
  for (const { at, velocity } of oneAtATime(rest)) {
    metal.triggerAttackRelease(320, 0.05, at, velocity);
  }
}

/** Seconds of wall time per second of music, building the instruments included. */
export async function render(seed: number): Promise<number> {
  const notes = notesOf(BARS, seed);
  const play = (): void => {
    const sawtooth = { oscillator: { type: "sawtooth" } } as const;
    const lead = new Tone.MonoSynth(sawtooth).connect(pan(0.15));
    playPitched(lead, oneAtATime(notes.melody.map(played)));
    const second = new Tone.MonoSynth(sawtooth).connect(pan(-0.5));
    playPitched(second, oneAtATime(notes.counter.map(played)));
    playPitched(new Tone.PolySynth(Tone.Synth).connect(pan(0.35)), notes.harmony.map(played));
    const bass = new Tone.MonoSynth(sawtooth).connect(pan(0));
    playPitched(bass, oneAtATime(notes.bass.map(played)));
    playDrums(notes.drums.map(played));
  };
  const begin = performance.now();
  const length = BARS * BAR_SECONDS;
  const buffer = await Tone.Offline(play, length + TAIL, 2, SAMPLE_RATE);
  const time = performance.now() - begin;
  if (!buffer.getChannelData(0).some((sample) => Math.abs(sample) > 0.01)) {
    throw new Error("the instruments of Tone.js stayed silent");
  }
  buffer.dispose();
  return time / 1000 / length;
}
