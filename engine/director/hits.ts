import type { Score } from "../score/score.ts";
import { beatsPerBar } from "../time/meter.ts";
import { barsUntil, timeOfBar, type Section } from "../time/section.ts";
import { nextSyncPoint } from "../time/sync-point.ts";
import { bpm, seconds, type Bpm, type Seconds, type UnitInterval } from "../time/units.ts";
import type { Cue, SectionCue } from "./cue.ts";
import { entryPoint } from "./entry.ts";
import { explainWish } from "./explain.ts";
import { moodNamed } from "./rules.ts";
import type { Aim, DirectorState, Hit } from "./state.ts";
import { phraseBars } from "./tempo.ts";
import { CONTROL_PERIOD, earliestChange, isNear, LOOKAHEAD } from "./timing.ts";
import { choiceOf, enterSection, gridOf, isDue, soundsAlike } from "./transitions.ts";

/** The tempo is bent by no more than this, which few listeners notice. */
const MOST_STRETCH = 0.03;
/** A downbeat so near needs no change of tempo. */
const NEAR_ENOUGH = 0.005;
/** Seconds: what a downbeat may miss a hit point by. */
const GOAL = 0.03;
/** Old and new tempo of the same notes cross this fast, from one beat to the next. */
const SEAM: Seconds = seconds(0.06);
const MOST_HITS = 16;
/** Seconds after which a hit point that nothing could be done for is forgotten. */
const LATEST = 8;

/** Sets, or moves, a moment that a downbeat is to meet. */
export function setHit(state: DirectorState, { name, time, strength }: Hit): DirectorState {
  const others = state.hits.filter((hit) => hit.name !== name);
  const hits = [...others, { name, time, strength }]
    .toSorted((a, b) => a.time - b.time)
    .slice(0, MOST_HITS);
  return { ...state, hits, aim: undefined };
}

export const cancelHit = (state: DirectorState, name: string): DirectorState => ({
  ...state,
  hits: state.hits.filter((hit) => hit.name !== name),
  aim: state.aim?.name === name ? undefined : state.aim,
});

/**
 * Aims at the nearest hit point: picks the beat that lands nearest to it with the tempo bent by at most
 * 3 %, bar lines first, and lets the music go on in that tempo from the next beat. It is told at once; the
 * tempo is not changed before it must be, so that the game may still change its mind.
 */
export function aimAtHit(
  score: Score,
  before: DirectorState,
  at: Seconds,
  now: Seconds,
  cues: Cue[],
): DirectorState {
  // One that is too near or has just gone lands late rather than never.
  const hits = before.hits.filter(({ time }) => time > at - LATEST);
  const state = hits.length === before.hits.length ? before : { ...before, hits };
  const { section } = state;
  const [hit] = hits;
  if (hit === undefined) {
    return restoreTempo(score, { ...state, aim: undefined }, at, now, cues);
  }
  if (section === undefined || state.committed !== undefined || section.bridge !== undefined) {
    return state;
  }
  // In the tempo of a new time scale it is met another way.
  const bends = mayChangeTempo(state, section, at) && section.scale === state.scale;
  const from = nextSyncPoint(section, "beat", gridOf(section), earliestChange(at, now));
  const { aim: last } = state;
  const isAimed = last?.section === section.index && last.wanted === hit.time;
  const isKept = isAimed && (last.bends || !bends);
  const isDueNow = bends && mustChange(state, from, at, now);
  if (isKept && (isBent(last, section) || !isDueNow)) return state;
  const aim = aimFrom(section, hit, from, bends);
  if (!isKept || aim.lands !== last.lands) cues.push(hitCue(aim));
  if (isBent(aim, section) || !isDueNow) return { ...state, aim };
  const bent = changeTempo(score, state, section, from, aim.stretch, cues);
  return { ...bent, aim: { ...aim, section: bent.committed?.index ?? section.index } };
}

/** From a beat on, in the present section; in its tempo where that cannot be bent and the landing made final afterwards. */
function aimFrom(section: SectionCue, hit: Hit, from: Seconds, bends: boolean): Aim {
  const { name, strength, time: wanted } = hit;
  const plain = { ...section, tempo: moodTempo(section) };
  const bent = wayTo(plain, section, { from, wanted, bend: MOST_STRETCH });
  // In a new tempo what begins so soon could not be told in time.
  const isTooNear = wanted - from < LOOKAHEAD || bent.lands < from + LOOKAHEAD + CONTROL_PERIOD;
  const way =
    bends && !isTooNear
      ? bent
      : { ...wayTo(section, section, { from, wanted, bend: 0 }), stretch: section.stretch };
  return { name, wanted, strength, section: section.index, bends, ...way };
}

const hitCue = ({ name, wanted, lands, stretch }: Aim): Cue => ({
  kind: "hit",
  name,
  wanted,
  at: lands,
  stretch,
});

/** Whether the music is in the tempo in which the hit point is met. */
const isBent = ({ stretch }: Aim, section: SectionCue): boolean =>
  Math.abs(stretch - section.stretch) < 1e-9;

const moodTempo = ({ tempo, stretch }: SectionCue): Bpm => bpm(tempo / stretch);

interface Way {
  readonly stretch: number;
  readonly lands: Seconds;
}

/** From the beat at `from` to a moment: on a bar line if one can be met, else on a beat, else between two. */
function wayTo(
  plain: Section,
  section: SectionCue,
  { from, wanted, bend }: { from: Seconds; wanted: Seconds; bend: number },
): Way {
  const begins = barsUntil(section, from);
  const span = wanted - from;
  const barSeconds = timeOfBar(plain, 1) - plain.startsAt;
  const reach = (unit: number): Way => {
    const first = Math.ceil(begins / unit + 1e-6);
    const nearest = Math.max(first, Math.round((begins + span / barSeconds) / unit));
    const length = (nearest * unit - begins) * barSeconds;
    const exact = span > 0 ? length / span : 1;
    const stretch =
      Math.abs(length - span) <= NEAR_ENOUGH ? 1 : Math.max(1 - bend, Math.min(1 + bend, exact));
    return { stretch, lands: seconds(from + length / stretch) };
  };
  const beat = 1 / beatsPerBar(section.meter);
  const ways = [reach(1), reach(beat), reach(beat / 2)];
  const error = ({ lands }: Way): number => Math.abs(lands - wanted);
  const [best = reach(1)] = ways.toSorted((a, b) => error(a) - error(b));
  return ways.find((way) => error(way) <= GOAL) ?? best;
}

/** After a hit point the mood goes back to its own tempo at the next bar. */
function restoreTempo(
  score: Score,
  state: DirectorState,
  at: Seconds,
  now: Seconds,
  cues: Cue[],
): DirectorState {
  const { section } = state;
  if (section === undefined || section.stretch === 1) return state;
  if (!mayChangeTempo(state, section, at)) return state;
  const from = nextSyncPoint(section, "bar", gridOf(section), earliestChange(at, now));
  if (!mustChange(state, from, at, now)) return state;
  return changeTempo(score, state, section, from, 1, cues);
}

/** The game's time scale, followed from the next beat; until half a second before it the game may change its mind. */
export function followScale(
  score: Score,
  state: DirectorState,
  at: Seconds,
  now: Seconds,
  cues: Cue[],
): DirectorState {
  const { section } = state;
  if (section === undefined || section.scale === state.scale) return state;
  if (!mayChangeTempo(state, section, at)) return state;
  const from = nextSyncPoint(section, "beat", gridOf(section), earliestChange(at, now));
  if (!mustChange(state, from, at, now)) return state;
  return { ...changeTempo(score, state, section, from, 1, cues), aim: undefined };
}

/** Not within a bridge, nor within a fade, whose gain it would cut short. */
const mayChangeTempo = (
  { committed }: DirectorState,
  { bridge, entersAt, fade }: SectionCue,
  at: Seconds,
): boolean => committed === undefined && bridge === undefined && at >= entersAt + fade;

/** A change of tempo waits as long as it can; a mood that comes by then brings its own. */
const mustChange = (
  { pending }: DirectorState,
  from: Seconds,
  at: Seconds,
  now: Seconds,
): boolean => isNear(from, at, now) && (pending === undefined || pending.at > from + 1e-3);

/** The same notes go on in another tempo. */
function changeTempo(
  score: Score,
  state: DirectorState,
  section: SectionCue,
  at: Seconds,
  stretch: number,
  cues: Cue[],
): DirectorState {
  return enterSection(score, state, cues, {
    mood: section.mood.name,
    location: section.location,
    at,
    entry: { visit: section.visit, bar: barsUntil(section, at) },
    cause: "tempo",
    fade: SEAM,
    stretch,
  });
}

/** On the hit point the next phrase begins, or the mood that is waited for. */
export function landOnHit(
  score: Score,
  state: DirectorState,
  at: Seconds,
  cues: Cue[],
): DirectorState {
  const { aim, section, pending } = state;
  if (aim === undefined || section === undefined || state.committed !== undefined) return state;
  if (aim.section !== section.index || !isDue(aim.lands, at)) return state;
  // Something else was final when its time came, such as a fade that turned back to this section.
  if (aim.lands < at + LOOKAHEAD - CONTROL_PERIOD) return { ...state, aim: undefined };
  const changes = pending !== undefined && !soundsAlike(score, pending.target, section);
  const target = changes ? pending.target : { mood: section.mood.name, location: section.location };
  const length = phraseBars(section);
  const entry = changes
    ? entryPoint(state, section, moodNamed(score, target.mood), aim.lands, "start")
    : {
        visit: section.visit,
        bar: Math.ceil(barsUntil(section, aim.lands) / length - 1e-6) * length,
      };
  const landed = enterSection(score, state, cues, {
    ...target,
    at: aim.lands,
    entry,
    cause: "hit",
    fade: SEAM,
    ...(changes && { transition: choiceOf(pending), because: explainWish(score, state, at) }),
  });
  return { ...landed, aim: undefined, hits: state.hits.filter(({ name }) => name !== aim.name) };
}

/** Where and how strongly the present section runs into a hit point. */
export const endingOf = (
  { aim }: DirectorState,
  section: SectionCue,
): { at: Seconds; strength: UnitInterval } | undefined =>
  aim?.section === section.index && isBent(aim, section)
    ? { at: aim.lands, strength: aim.strength }
    : undefined;
