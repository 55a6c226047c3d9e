import type { PhraseTake } from "../composer/take.ts";
import { CHORD_QUALITIES, type Chord } from "../music/chord.ts";
import { MODES } from "../music/key.ts";
import { perStem, STEMS } from "../music/stem.ts";
import { METERS } from "../time/meter.ts";
import { NO_CHORD, type Bank, type BankPhrase } from "./bank.ts";

/** A take in the form that the bank keeps. Throws `RangeError` for a take without bars. */
export function packTake(take: PhraseTake): BankPhrase {
  const [first] = take.bars;
  if (first === undefined) throw new RangeError("a take without bars cannot be banked");
  return {
    mode: first.key.mode,
    meter: first.meter,
    bars: take.bars.length,
    valence: first.valence,
    arousal: first.arousal,
    chords: take.bars.flatMap(({ chords }) => chords.map(chordId)),
    notes: perStem((stem) =>
      take.notes[stem].flatMap(({ at, duration, pitch, velocity }) => [
        at,
        duration,
        pitch,
        velocity,
      ]),
    ),
  };
}

const chordId = (chord: Chord | undefined): number =>
  chord === undefined
    ? NO_CHORD
    : chord.root * CHORD_QUALITIES.length + CHORD_QUALITIES.indexOf(chord.quality);

/** Reads a bank; throws `TypeError` that names the first thing wrong. */
export function readBank(data: unknown): Bank {
  const bank = record(data, "the bank");
  const { model, phrases } = bank;
  if (typeof model !== "string") throw new TypeError("the bank names no model");
  if (!Array.isArray(phrases) || phrases.length === 0) {
    throw new TypeError("the bank holds no phrases");
  }
  return { model, phrases: phrases.map(readPhrase) };
}

function readPhrase(data: unknown, index: number): BankPhrase {
  const name = `phrase ${index} of the bank`;
  const phrase = record(data, name);
  const mode = MODES.find((known) => known === phrase["mode"]);
  const meter = METERS.find((known) => known === phrase["meter"]);
  const { bars, valence, arousal } = phrase;
  if (mode === undefined || meter === undefined) {
    throw new TypeError(`${name} has an unknown mode or meter`);
  }
  if (typeof bars !== "number" || typeof valence !== "number" || typeof arousal !== "number") {
    throw new TypeError(`${name} lacks bars, valence or arousal`);
  }
  const notes = record(phrase["notes"], `${name}: notes`);
  for (const stem of STEMS) {
    if (numbers(notes[stem], `${name}: ${stem}`).length % 4 !== 0) {
      throw new TypeError(`${name} breaks off in ${stem}`);
    }
  }
  return {
    mode,
    meter,
    bars,
    valence,
    arousal,
    chords: numbers(phrase["chords"], `${name}: chords`),
    notes: perStem((stem) => numbers(notes[stem], `${name}: ${stem}`)),
  };
}

function record(data: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof data !== "object" || data === null) throw new TypeError(`${name} is no object`);
  return Object.fromEntries(Object.entries(data));
}

function numbers(data: unknown, name: string): readonly number[] {
  const isNumber = (item: unknown): item is number => typeof item === "number";
  if (!Array.isArray(data) || !data.every(isNumber))
    throw new TypeError(`${name} is no list of numbers`);
  return data;
}
