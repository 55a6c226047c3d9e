import type { Condition } from "../../engine/score/condition.ts";
import { readCondition } from "../../engine/score/read-condition.ts";
import type { ScoreIssue } from "../../engine/score/issue.ts";
import { parseScore } from "../../engine/score/parse-score.ts";
import type { Location, Mood, Rule, Score, Stinger, Transition } from "../../engine/score/score.ts";
import { bpm, decibels, seconds, unitInterval } from "../../engine/time/units.ts";

/** A mood at 60 bpm with all stems, so that a beat is a second. */
export const mood = (name: string, changes: Partial<Mood> = {}): Mood => ({
  name,
  ancestors: [],
  valence: 0,
  arousal: unitInterval(0.5),
  tempo: bpm(60),
  meter: "4/4",
  phrase: 4,
  key: { tonic: 2, mode: "dorian" },
  style: undefined,
  stems: {
    melody: unitInterval(0),
    counter: unitInterval(0.4),
    harmony: unitInterval(0),
    bass: unitInterval(0),
    drums: unitInterval(0.6),
  },
  activity: {},
  form: [
    { letter: "A", primes: 0 },
    { letter: "A", primes: 1 },
    { letter: "B", primes: 0 },
    { letter: "A", primes: 0 },
  ],
  progressions: [],
  theme: undefined,
  takes: {},
  markers: [],
  ...changes,
});

export function condition(text: string): Condition {
  const reading = readCondition(text);
  if (!reading.ok) throw new Error(`${text}: ${reading.expected} where ${reading.found} stands`);
  return reading.condition;
}

/** A rule that may begin and end at any time. */
export const rule = (
  moodName: string,
  when: string,
  until: string,
  changes: Partial<Rule> = {},
): Rule => ({
  when: condition(when),
  until: condition(until),
  mood: moodName,
  dwell: { value: 0, unit: "seconds" },
  cooldown: seconds(0),
  priority: 0,
  ...changes,
});

const location = (name: string, palette: string, moodName: string): Location => ({
  name,
  palette,
  mood: moodName,
  colour: { room: undefined, brightness: unitInterval(1), level: decibels(0) },
});

/** Any mood to any other, at the bar. */
export const transition = (changes: Partial<Transition> = {}): Transition => ({
  from: ["any"],
  to: ["any"],
  at: "bar",
  enter: undefined,
  fade: { value: 1, unit: "bars" },
  bridge: undefined,
  stinger: undefined,
  ...changes,
});

/** A bar of melody at the next beat, as often as one likes. */
export const stinger = (name: string, changes: Partial<Stinger> = {}): Stinger => ({
  name,
  theme: undefined,
  at: "beat",
  bars: 1,
  stems: ["melody"],
  intensity: unitInterval(0.8),
  cooldown: seconds(0),
  most: 2,
  priority: 0,
  moods: ["any"],
  next: "ring",
  duck: undefined,
  ...changes,
});

/**
 * Four places: `field` sounds as `meadow` does, `grotto` has its mood on other instruments. A danger by
 * rule, and one transition of each sync point; signals follow at once.
 */
export const score = (changes: Partial<Score> = {}): Score => ({
  title: "Test",
  tempo: bpm(60),
  key: { tonic: 2, mode: "dorian" },
  palette: "plucked",
  signals: {
    intensity: {
      range: [0, 1],
      initial: 0,
      attack: seconds(0),
      release: seconds(0),
      curve: [],
      deadBand: 0,
    },
  },
  themes: [],
  takes: [],
  moods: [mood("calm"), mood("danger", { tempo: bpm(120) }), mood("mystery")],
  locations: [
    location("meadow", "plucked", "calm"),
    location("cave", "glass", "mystery"),
    location("field", "plucked", "calm"),
    location("grotto", "glass", "calm"),
  ],
  stingers: [stinger("alarm")],
  rules: [rule("danger", "intensity > 0.7", "intensity < 0.5")],
  transitions: [
    transition({ to: ["danger"], at: "beat", fade: { value: 1, unit: "beats" } }),
    transition({ from: ["danger"], at: "phrase", fade: { value: 2, unit: "bars" } }),
    transition(),
  ],
  ...changes,
});

/** What is wrong with a score whose palettes are `plucked` and `crystal`. */
export function issuesOf(text: string): readonly ScoreIssue[] {
  const parsed = parseScore(text, { palettes: ["plucked", "crystal"] });
  return parsed.ok ? [] : parsed.issues;
}

/** A score that is right but for the lines that follow its first three. */
export const withLines = (lines: string): string => `attacca: 1\nmoods:\n  calm:\n${lines}`;
