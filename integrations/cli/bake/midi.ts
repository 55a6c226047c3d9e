import { writeMidi, type MidiEvent } from "midi-file";
import type { SectionCue } from "../../../engine/director/cue.ts";
import { formatKey, type Key } from "../../../engine/music/key.ts";
import { STEMS, type Stem } from "../../../engine/music/stem.ts";
import type { PaletteBook } from "../../../engine/palette-book.ts";
import { DRUM_BANK } from "../../../engine/renderer-worker/palettes.ts";
import { beatsPerBar, ticksPerBar, type Meter } from "../../../engine/time/meter.ts";
import { barsUntil, timeOfBar } from "../../../engine/time/section.ts";
import { seconds, TICKS_PER_QUARTER } from "../../../engine/time/units.ts";
import { heardNotes, spansOf, type HeardNote, type Span } from "./heard.ts";
import type { Played } from "./performance.ts";

/** An event and its tick from the beginning. */
interface Timed {
  readonly tick: number;
  readonly event: Timeless<MidiEvent>;
}

/** Each kind of event by itself, without its time. */
type Timeless<Event> = Event extends MidiEvent ? Omit<Event, "deltaTime"> : never;

/** Channels by stem; stingers have their own, but for drums. */
const CHANNELS: Readonly<Record<Stem, number>> = {
  melody: 0,
  counter: 1,
  harmony: 2,
  bass: 3,
  drums: 9,
};
const STINGER_CHANNELS = 4;

/**
 * A standard MIDI file, format 1, 960 ticks a quarter: what was heard, with tempos, meters, keys, a
 * marker where a mood, a bridge, a phrase or a stinger begins, and a named track for each stem.
 */
export function midiOf(played: Played, title: string): Uint8Array {
  const { window } = played;
  const spans = spansOf(played.cues, window);
  const map = tempoMap(spans);
  const notes = heardNotes(played);
  const tracks = [false, true].flatMap((isStinger) =>
    STEMS.flatMap((stem) => {
      const own = notes.filter((note) => note.stem === stem && note.isStinger === isStinger);
      if (own.length === 0) return [];
      return [stemTrack(stem, isStinger, own, { spans, map, palettes: played.palettes })];
    }),
  );
  const last = { tick: map.tickAt(window.to), event: { type: "endOfTrack", meta: true } as const };
  const conducting = conductorTrack(played, title, spans, map);
  const all = [conducting, ...tracks].map((events) => delta([...events, last]).map(inUtf8));
  return Uint8Array.from(
    writeMidi({
      header: { format: 1, numTracks: all.length, ticksPerBeat: TICKS_PER_QUARTER },
      tracks: all,
    }),
  );
}

interface Tempo {
  readonly tick: number;
  readonly from: number;
  /** Quarter notes a second. */
  readonly speed: number;
}

interface TempoMap {
  readonly tempos: readonly Tempo[];
  /** Rounded to the nearest tick. */
  readonly tickAt: (time: number) => number;
}

/** Each section in its own tempo; one that goes over to another does so beat by beat. */
function tempoMap(spans: readonly Span[]): TempoMap {
  const tempos: Tempo[] = [];
  let [tick, time] = [0, spans[0]?.from ?? 0];
  const add = (from: number, bpm: number): void => {
    const before = tempos.at(-1);
    if (before !== undefined) tick += (from - time) * before.speed * TICKS_PER_QUARTER;
    time = from;
    if (Math.abs((before?.speed ?? 0) - bpm / 60) > 1e-9)
      tempos.push({ tick, from, speed: bpm / 60 });
  };
  for (const { section, from, to } of spans) {
    const step = 1 / beatsPerBar(section.meter);
    const rampEnd = section.ramp === undefined ? from : timeOfBar(section, section.ramp.bars);
    add(from, section.ramp === undefined ? section.tempo : speedAt(section, from, step));
    for (
      let bar = barsUntil(section, seconds(from)) + step;
      section.ramp !== undefined;
      bar += step
    ) {
      const at = timeOfBar(section, bar);
      if (at >= Math.min(to, rampEnd + 1e-6)) break;
      add(at, speedAt(section, at, step));
    }
  }
  return {
    tempos,
    tickAt: (at) => {
      const tempo = tempos.findLast(({ from }) => from <= at + 1e-9) ?? tempos[0];
      if (tempo === undefined) return 0;
      return Math.round(tempo.tick + (at - tempo.from) * tempo.speed * TICKS_PER_QUARTER);
    },
  };
}

/** The even tempo in which the next beat lasts as long as it does. */
function speedAt(section: SectionCue, from: number, step: number): number {
  const bar = barsUntil(section, seconds(from));
  const quarters = (ticksPerBar(section.meter) * step) / TICKS_PER_QUARTER;
  return (60 * quarters) / (timeOfBar(section, bar + step) - from);
}

/** Bars keep their length: four beats cut in three are written as 4/4 in triplets. */
const SIGNATURES: Readonly<Record<Meter, readonly [number, number]>> = {
  "4/4": [4, 4],
  "3/4": [3, 4],
  "6/8": [6, 8],
  "12/8": [4, 4],
};

function conductorTrack(
  played: Played,
  title: string,
  spans: readonly Span[],
  { tempos, tickAt }: TempoMap,
): readonly Timed[] {
  const mark = (at: number, text: string): Timed => ({
    tick: tickAt(at),
    event: { type: "marker", meta: true, text },
  });
  const phrases = played.phrases.flatMap(({ phrase }) => {
    const at = timeOfBar(phrase.setting, phrase.firstBar);
    const isHeard = spans.some(
      (span) =>
        span.section.index === phrase.section.index && at >= span.from - 1e-4 && at < span.to,
    );
    return isHeard && phrase.section.bridge === undefined && phrase.index > 0
      ? [mark(at, `${phrase.section.mood.name}: phrase ${phrase.index + 1}, ${phrase.plan.role}`)]
      : [];
  });
  return [
    { tick: 0, event: { type: "trackName", meta: true, text: title } },
    ...tempos.map(({ tick, speed }): Timed => ({
      tick: Math.round(tick),
      event: { type: "setTempo", meta: true, microsecondsPerBeat: Math.round(1e6 / speed) },
    })),
    ...spans.flatMap(({ section, from }, index): readonly Timed[] => {
      const before = spans[index - 1]?.section;
      const { mood, bridge, meter } = section;
      const tick = tickAt(from);
      const isSame = before?.mood === mood && before.bridge === bridge;
      const name = bridge === undefined ? mood.name : `bridge ${mood.name} to ${bridge.mood.name}`;
      return [
        ...(before?.meter === meter ? [] : [{ tick, event: signature(meter) }]),
        ...(isSame ? [] : [{ tick, event: keySignature(mood.key) }]),
        ...(isSame ? [] : [mark(from, `${name} (${formatKey(mood.key)})`)]),
      ];
    }),
    ...phrases,
    ...played.stingers
      .filter(({ cue }) => cue.at >= played.window.from && cue.at < played.window.to)
      .map(({ cue }) => mark(cue.at, `stinger ${cue.stinger.name}`)),
  ];
}

function signature(meter: Meter): Timed["event"] {
  const [numerator, denominator] = SIGNATURES[meter];
  return {
    type: "timeSignature",
    meta: true,
    numerator,
    denominator,
    metronome: 24,
    thirtyseconds: 8,
  };
}

/** A mode is written as major or minor of its tonic, whichever has its third; the marker names it. */
function keySignature({ tonic, mode }: Key): Timed["event"] {
  const isMinor = !["ionian", "lydian", "mixolydian"].includes(mode);
  const major = (tonic + (isMinor ? 3 : 0)) % 12;
  const fifths = ((major * 7) % 12) - ((major * 7) % 12 > 6 ? 12 : 0);
  return { type: "keySignature", meta: true, key: fifths, scale: isMinor ? 1 : 0 };
}

interface Surroundings {
  readonly spans: readonly Span[];
  readonly map: TempoMap;
  readonly palettes: PaletteBook;
}

function stemTrack(
  stem: Stem,
  isStinger: boolean,
  notes: readonly HeardNote[],
  { spans, map: { tickAt }, palettes }: Surroundings,
): readonly Timed[] {
  const isOwn = isStinger && stem !== "drums";
  const channel = CHANNELS[stem] + (isOwn ? STINGER_CHANNELS : 0);
  const programs = spans.flatMap(({ section, from }, index): readonly Timed[] => {
    const voice = palettes.named(section.palette).voices[stem];
    const isSame = spans[index - 1]?.section.palette === section.palette;
    const event = { type: "programChange", channel, programNumber: voice.program } as const;
    return isSame || (isStinger && voice.bank === DRUM_BANK) ? [] : [{ tick: tickAt(from), event }];
  });
  return [
    {
      tick: 0,
      event: { type: "trackName", meta: true, text: isStinger ? `stinger ${stem}` : stem },
    },
    ...programs,
    ...notes.flatMap(({ from, to, pitch, velocity }): readonly Timed[] => {
      const [on, off] = [tickAt(from), Math.max(tickAt(from) + 1, tickAt(to))];
      const note = { channel, noteNumber: pitch };
      return [
        { tick: on, event: { type: "noteOn", ...note, velocity } },
        { tick: off, event: { type: "noteOff", ...note, velocity: 0 } },
      ];
    }),
  ];
}

/** At one tick: what names and sets comes first, then what ends, then what begins. */
const ORDER: Readonly<Partial<Record<MidiEvent["type"], number>>> = {
  trackName: 0,
  setTempo: 1,
  timeSignature: 1,
  keySignature: 1,
  programChange: 2,
  marker: 2,
  noteOff: 3,
  noteOn: 4,
  endOfTrack: 5,
};

function delta(events: readonly Timed[]): MidiEvent[] {
  const rank = ({ event }: Timed): number => ORDER[event.type] ?? 2;
  let last = 0;
  return events
    .toSorted((a, b) => a.tick - b.tick || rank(a) - rank(b))
    .map(({ tick, event }) => {
      const deltaTime = Math.max(0, tick - last);
      last = Math.max(last, tick);
      return { ...event, deltaTime };
    });
}

/** Texts are written as bytes, one for each letter of a string: those of UTF-8, which knows every script. */
const inUtf8 = (event: MidiEvent): MidiEvent =>
  "text" in event ? { ...event, text: Buffer.from(event.text, "utf8").toString("latin1") } : event;
