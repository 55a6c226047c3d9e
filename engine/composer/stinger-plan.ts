import type { BarPlan } from "../music/bar-plan.ts";
import { chordTones, type Chord } from "../music/chord.ts";
import { diatonicTriad } from "../music/harmony.ts";
import { scaleOf, type Key } from "../music/key.ts";
import type { Note } from "../music/note.ts";
import { hashText, randomAt } from "../music/random.ts";
import { inBassRange } from "../music/register.ts";
import { STEMS, perStem, type Stem } from "../music/stem.ts";
import type { Mood, Stinger } from "../score/score.ts";
import { beatsPerBar, ticksPerBar } from "../time/meter.ts";
import type { Theme } from "../theme/theme.ts";
import { midiPitch, unitInterval } from "../time/units.ts";
import type { PhrasePlan } from "./phrase-plan.ts";
import type { PhraseTake } from "./take.ts";

export interface StingerRequest {
  readonly mood: Mood;
  readonly stinger: Stinger;
  /** How often it was played before in this mood: each time another. */
  readonly count: number;
  readonly seed: number;
  /** The melody that it plays; undefined: the model's own. */
  readonly theme: Theme | undefined;
}

/** What the model is to write for a stinger: over the tonic, to be carried to any chord (`fitToChords`). */
export function planStinger({ mood, stinger, count, seed, theme }: StingerRequest): PhrasePlan {
  const stems = STEMS.filter((stem) => stinger.stems.includes(stem));
  const tonic = diatonicTriad(mood.key.mode, 0);
  const { key, meter } = mood;
  const terms = { key, meter, bars: stinger.bars, register: 0, density: "all" } as const;
  const plan: PhrasePlan = {
    index: 0,
    role: "stinger",
    origin: { kind: "fresh" },
    stems,
    seed: Math.floor(
      randomAt(seed, "stinger", hashText(stinger.name), hashText(mood.name), count) * 2 ** 31,
    ),
    bars: Array.from({ length: stinger.bars }, (_, bar): BarPlan => ({
      meter,
      tempo: mood.tempo,
      key,
      chords: [tonic, tonic],
      role: "stinger",
      positionInPhrase: bar,
      intensity: stinger.intensity,
      valence: mood.valence,
      arousal: mood.arousal,
      style: mood.style,
      density: perStem((stem) => (stems.includes(stem) ? 3 : 0)),
    })),
  };
  if (theme === undefined) return plan;
  return {
    ...plan,
    origin: { kind: "theme", change: unitInterval(0) },
    theme: {
      melody: theme.fit(terms).melody,
      likeness: [unitInterval(1), unitInterval(1)],
      compare: theme.compare,
    },
  };
}

/**
 * Carries a stinger written over the tonic to the chords that sound: its notes move by as many degrees of
 * the scale as the chord's root lies above the tonic, by the shorter way, and those on beats go to the
 * nearest tone of the chord, the bass within its range. `chordAt` tells the chord at a tick of the
 * stinger; drums stay as they are.
 */
export function fitToChords(
  take: PhraseTake,
  key: Key,
  chordAt: (tick: number) => Chord | undefined,
): PhraseTake {
  const meter = take.bars[0]?.meter ?? "4/4";
  const beat = ticksPerBar(meter) / beatsPerBar(meter);
  const fitted = (note: Note, stem: Stem): Note => {
    const chord = chordAt(note.at);
    if (chord === undefined) return note;
    const moved = moveByDegrees(note.pitch, key, degreesOf(chord, key));
    const pitch = note.at % beat === 0 ? nearestTone(moved, chord, key) : moved;
    return { ...note, pitch: midiPitch(stem === "bass" ? inBassRange(pitch) : pitch) };
  };
  return {
    ...take,
    notes: perStem((stem) =>
      stem === "drums" ? take.notes[stem] : take.notes[stem].map((note) => fitted(note, stem)),
    ),
  };
}

/** Degrees from the tonic to a chord's root, -3 – 3; a root between two degrees counts as the lower one. */
function degreesOf(chord: Chord, key: Key): number {
  const degree = scaleOf(key.mode).findLastIndex((step) => step <= chord.root);
  return degree > 3 ? degree - 7 : Math.max(0, degree);
}

function moveByDegrees(pitch: number, key: Key, degrees: number): number {
  const scale = scaleOf(key.mode);
  const above = pitch - key.tonic;
  const octave = Math.floor(above / 12);
  const within = above - 12 * octave;
  const degree = scale.findLastIndex((step) => step <= within);
  const alteration = within - (scale[degree] ?? 0);
  const target = degree + degrees;
  const step = scale[((target % 7) + 7) % 7] ?? 0;
  return key.tonic + 12 * (octave + Math.floor(target / 7)) + step + alteration;
}

function nearestTone(pitch: number, chord: Chord, key: Key): number {
  const tones = chordTones(chord, key);
  const distances = [0, -1, 1, -2, 2, -3, 3];
  const by = distances.find((step) => tones.includes((((pitch + step) % 12) + 12) % 12));
  return pitch + (by ?? 0);
}
