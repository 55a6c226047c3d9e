import type { Note } from "../../../engine/music/note.ts";
import type { Soundtrack, SoundtrackSnapshot } from "../../../engine/index.ts";
import { pageMemory } from "../../helpers/page-memory.ts";
import { longestSilence } from "../../helpers/pcm-measure.ts";
import { startRecorder, stretches, type Recorder, type Recording } from "../../helpers/recorder.ts";
import { wavOf } from "../../helpers/wav.ts";
import { STEMS } from "../../../engine/music/stem.ts";
import { beginPicture, drawn, watchPicture } from "./picture.ts";

/** Something that the music decided. */
export interface Cue {
  /** Context time at which it is heard. */
  readonly at: number;
  readonly kind: "mood" | "transition" | "stinger" | "hit" | "phrase";
  /** What, in words. */
  readonly what: string;
}

/** A stretch of the music in one bar, looked at a few times. */
export interface Moment {
  /** Context time. */
  readonly at: number;
  readonly mood: string;
  /** Stems that have notes in the bar and are not turned down. */
  readonly stems: readonly string[];
  /** The screen that the game shows. */
  readonly screen: string;
}

/** A tune as it was heard. */
export interface Tune {
  readonly at: number;
  readonly mood: string;
  readonly role: string;
  readonly bars: number;
  readonly melody: readonly Note[];
}

/** What was recorded; the samples are in the file that is downloaded with it. */
export interface Taped {
  readonly sampleRate: number;
  /** Context time of the first sample. */
  readonly from: number;
  readonly frames: number;
  readonly gaps: Recording["gaps"];
}

/** Between two looks, in milliseconds. */
const LOOK = 250;
const TICKS_PER_BAR = 3840;
/** A stem below this level is not heard. */
const UNHEARD = 0.05;

const cues: Cue[] = [];
const moments: Moment[] = [];
const tunes = new Map<string, Tune>();
const faults: string[] = [];
let music: Soundtrack | undefined;
let ears: GainNode | undefined;
let recorder: Recorder | undefined;
let recording: Recording | undefined;

/** What the page plays is heard through these ears, whichever soundtrack it is. */
function earsOf(context: AudioContext): GainNode {
  ears ??= new GainNode(context, { channelCount: 2, channelCountMode: "explicit" });
  return ears;
}

export function watchMusic(of: Soundtrack): void {
  music = of;
  of.output.connect(earsOf(of.audioContext));
  const note = (kind: Cue["kind"], at: number, what: string): void => {
    cues.push({ at, kind, what });
  };
  of.on("mood", ({ from, to, audibleAt }) =>
    note("mood", audibleAt, from === undefined || from === to ? to : `${to}, from ${from}`),
  );
  of.on("transition", ({ from, to, sync, audibleAt }) =>
    note("transition", audibleAt, `${from} → ${to} at ${sync}`),
  );
  of.on("stinger", ({ name, source, audibleAt }) =>
    note("stinger", audibleAt, `${name} (${source})`),
  );
  of.on("hit", ({ name, wantedAt, audibleAt }) =>
    note("hit", audibleAt, `${name}, ${(1000 * (audibleAt - wantedAt)).toFixed(0)} ms off`),
  );
  of.on("phrase", ({ index, role, audibleAt }) => note("phrase", audibleAt, `${index} (${role})`));
  of.on("fault", ({ code, message }) => faults.push(`${code}: ${message}`));
}

function look(): void {
  if (music === undefined) return;
  const shot = music.snapshot();
  if (shot.state !== "playing") return;
  const { phrase, mood } = shot;
  const { currentTime } = music.audioContext;
  const screen = document.body.dataset["screen"] ?? "";
  moments.push({ at: currentTime, mood, stems: sounding(shot), screen });
  if (phrase === undefined || phrase.notes.melody === undefined) return;
  const at = currentTime + phrase.startsAt - shot.time;
  const { role, bars } = phrase;
  tunes.set(`${mood} ${at.toFixed(1)}`, { at, mood, role, bars, melody: phrase.notes.melody });
}

function sounding({ phrase, time, layers }: SoundtrackSnapshot): readonly string[] {
  if (phrase === undefined) return [];
  const bar = (phrase.endsAt - phrase.startsAt) / phrase.bars;
  const from = TICKS_PER_BAR * Math.floor((time - phrase.startsAt) / bar);
  const isIn = ({ at, duration }: Note): boolean =>
    at < from + TICKS_PER_BAR && at + duration > from;
  return STEMS.filter((stem) => layers[stem] > UNHEARD && phrase.notes[stem]?.some(isIn) === true);
}

/** A file to keep, of 16 bits. */
function download({ left, right, sampleRate }: Recording): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([wavOf([left, right], sampleRate)]));
  link.download = "walk.wav";
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const watched = {
  /** Resolves when what the music puts out is recorded; its context must run. */
  async record(): Promise<void> {
    if (ears === undefined) throw new Error("nothing plays");
    recorder = await startRecorder(ears);
  },
  /** Ends the recording. */
  async stop(): Promise<Taped> {
    recording = await recorder?.stop();
    recorder = undefined;
    if (recording === undefined) throw new Error("nothing was recorded");
    const { sampleRate, startFrame, gaps, left } = recording;
    return { sampleRate, from: startFrame / sampleRate, frames: left.length, gaps };
  },
  /** Downloads what was recorded and lets go of it. */
  save(): void {
    if (recording !== undefined) download(recording);
    recording = undefined;
  },
  /** Seconds of the longest stretch of the recording below a level in decibels, but for what the browser lost. */
  longestSilence(floor: number): number {
    if (recording === undefined) throw new Error("nothing was recorded");
    const { left, right, sampleRate } = recording;
    const both = left.map((sample, i) => Math.max(Math.abs(sample), Math.abs(right[i] ?? 0)));
    const parts = stretches(recording, 0).map(([from, to]) => both.subarray(from, to));
    return Math.max(...parts.map((part) => longestSilence(part, sampleRate, floor).duration));
  },
  cues: () => cues,
  moments: () => moments,
  tunes: () => [...tunes.values()],
  faults: () => faults,
  counters: () => music?.snapshot().counters ?? {},
  /** The soundtrack that was made last. */
  music: () => music,
  beginPicture,
  drawn,
  memory: pageMemory,
};

export type Watched = typeof watched;

declare global {
  // oxlint-disable-next-line no-var -- a global's type needs it
  var watched: Watched;
}

globalThis.watched = watched;
watchPicture();
setInterval(look, LOOK);
