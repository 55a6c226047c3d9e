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

type Pitched = Tone.MonoSynth | Tone.PolySynth | Tone.MembraneSynth;
/** Plays a note at a time of the context. */
type Play = (note: Played, at: number) => void;

const pan = (place: number): Tone.Panner => new Tone.Panner(place).toDestination();

const pitched =
  (instrument: Pitched): Play =>
  (note, at) => {
    instrument.triggerAttackRelease(frequency(note), note.duration, at, note.velocity);
  };

interface Part {
  readonly play: Play;
  readonly notes: readonly Played[];
}

/** The five stems of a phrase, each with an instrument of its own in Tone's present context. */
function partsOf(seed: number): readonly Part[] {
  const notes = notesOf(BARS, seed);
  const sawtooth = { oscillator: { type: "sawtooth" } } as const;
  const mono = (place: number): Play => pitched(new Tone.MonoSynth(sawtooth).connect(pan(place)));
  const drums = notes.drums.map(played);
  const snare = new Tone.NoiseSynth().connect(pan(0));
  const metal = new Tone.MetalSynth().connect(pan(0.2));
  const isSkin = ({ pitch }: Played): boolean => SKINS.has(pitch);
  const isSnare = ({ pitch }: Played): boolean => SNARES.has(pitch);
  return [
    { play: mono(0.15), notes: oneAtATime(notes.melody.map(played)) },
    { play: mono(-0.5), notes: oneAtATime(notes.counter.map(played)) },
    {
      play: pitched(new Tone.PolySynth(Tone.Synth).connect(pan(0.35))),
      notes: notes.harmony.map(played),
    },
    { play: mono(0), notes: oneAtATime(notes.bass.map(played)) },
    {
      play: pitched(new Tone.MembraneSynth().connect(pan(0))),
      notes: oneAtATime(drums.filter(isSkin)),
    },
    {
      play: ({ velocity }, at) => snare.triggerAttackRelease(0.15, at, velocity),
      notes: oneAtATime(drums.filter(isSnare)),
    },
    {
      play: ({ velocity }, at) => metal.triggerAttackRelease(320, 0.05, at, velocity),
      notes: oneAtATime(drums.filter((note) => !isSkin(note) && !isSnare(note))),
    },
  ];
}

/** Seconds of wall time per second of music, building the instruments included. */
export async function render(seed: number): Promise<number> {
  const begin = performance.now();
  const length = BARS * BAR_SECONDS;
  const play = (): void => {
    for (const { play, notes } of partsOf(seed)) for (const note of notes) play(note, note.at);
  };
  const buffer = await Tone.Offline(play, length + TAIL, 2, SAMPLE_RATE);
  const time = performance.now() - begin;
  if (!buffer.getChannelData(0).some((sample) => Math.abs(sample) > 0.01)) {
    throw new Error("the instruments of Tone.js stayed silent");
  }
  buffer.dispose();
  return time / 1000 / length;
}

/** Plays a phrase over and over as a page would: Tone's transport asks for each note in time. */
export async function playLive(): Promise<void> {
  await Tone.start();
  const transport = Tone.getTransport();
  for (const { play, notes } of partsOf(0)) {
    const part = new Tone.Part<Played & { readonly time: number }>(
      (at, note) => play(note, at),
      notes.map((note) => ({ ...note, time: note.at })),
    );
    part.loop = true;
    part.loopEnd = BARS * BAR_SECONDS;
    part.start(0);
  }
  transport.start();
}
