import type { Mood } from "../score/score.ts";
import { barsUntil, timeOfBar, type Section } from "../time/section.ts";
import { bpm, seconds, type Bpm, type Seconds } from "../time/units.ts";
import type { SectionCue } from "./cue.ts";

/** No section is slower or faster than this, whatever scale and stretch say. */
const SLOWEST = 20;
const FASTEST = 480;

/** The tempo of a mood under the game's time scale and the stretch towards a hit point. */
export const tempoOf = (mood: Mood, scale: number, stretch: number): Bpm =>
  bpm(Math.max(SLOWEST, Math.min(FASTEST, mood.tempo * scale * stretch)));

/** A section that sounds the given bar at the given moment. */
export function anchored(section: Omit<Section, "startsAt">, at: Seconds, bar: number): Section {
  const from = { ...section, startsAt: seconds(0) };
  return { ...section, startsAt: seconds(at - timeOfBar(from, bar)) };
}

/** Index of the phrase that sounds at a moment, and the bar at which it begins. */
export function phraseAt(section: SectionCue, time: Seconds): { index: number; bar: number } {
  const length = phraseBars(section);
  const index = Math.max(0, Math.floor(barsUntil(section, time) / length + 1e-6));
  return { index, bar: index * length };
}

/** Bars of every phrase of a section; a bridge is one phrase. */
export const phraseBars = ({ mood, bridge }: SectionCue): number => bridge?.bars ?? mood.phrase;
