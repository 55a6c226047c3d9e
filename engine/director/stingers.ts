import type { Score, Stinger } from "../score/score.ts";
import { barsUntil, timeOfBar } from "../time/section.ts";
import { nextSyncPoint } from "../time/sync-point.ts";
import { seconds, type Seconds } from "../time/units.ts";
import type { Cue, SectionCue } from "./cue.ts";
import type { Placing } from "./event.ts";
import { lookupOf } from "./lookup.ts";
import { meansMood } from "./rules.ts";
import type { DirectorState, StingerState, WaitingStinger } from "./state.ts";
import { earliestChange, LOOKAHEAD, SHORTEST_NOTICE } from "./timing.ts";
import { gridOf, isDue } from "./transitions.ts";

/** Why a stinger is not played. */
export type StingerRefusal = "unknown-stinger" | "cooling-down" | "not-in-this-mood" | "too-many";

/** Seconds: what is closer falls on one moment. */
const TOGETHER = 1e-3;
/** Stingers that wait for their sync point. */
const MOST_WAITING = 16;

interface Answer {
  readonly state: DirectorState;
  readonly refusal?: StingerRefusal;
}

/** Takes in a wish for a stinger; it waits for the first sync point that can be met. */
export function askForStinger(
  score: Score,
  state: DirectorState,
  name: string,
  at: Seconds,
  placing?: Placing,
): Answer {
  const stinger = stingerNamed(score, name);
  const { section, stingers } = state;
  if (stinger === undefined) return { state, refusal: "unknown-stinger" };
  const mood = (state.committed ?? section)?.mood.name ?? score.moods[0]?.name ?? "";
  if (!meansMood(score, stinger.moods, mood)) return { state, refusal: "not-in-this-mood" };
  const isWaiting = stingers.waiting.some((waiting) => waiting.name === name);
  // One that has been decided begins later than now; without a cooldown another may follow it at once.
  const isSoon = isWaiting || at < (stingers.began[name] ?? -Infinity) + stinger.cooldown;
  if (isSoon && stinger.cooldown > 0) return { state, refusal: "cooling-down" };
  if (stingers.waiting.length >= MOST_WAITING) return { state, refusal: "too-many" };
  const syncPoint = syncPointOf(state, stinger, seconds(at + LOOKAHEAD));
  return { state: wait(state, { name, at: syncPoint, placing }) };
}

const stingerNamed = (score: Score, name: string): Stinger | undefined =>
  lookupOf(score).stingers.get(name);

/**
 * The first before which its pickup can sound, beginning `earliest`. Of the section that sounds then: the
 * one that is about to begin has a grid of its own.
 */
function syncPointOf(
  { section, committed }: DirectorState,
  stinger: Stinger,
  earliest: Seconds,
): Seconds {
  const notBefore = seconds(earliest + pickupOf(stinger));
  if (section === undefined) return notBefore;
  const at = nextSyncPoint(section, stinger.at, gridOf(section), notBefore);
  return committed !== undefined && isAfter(at, committed)
    ? nextSyncPoint(committed, stinger.at, gridOf(committed), at)
    : at;
}

/** Later than a section's first moment, which it may share with the one before. */
const isAfter = (at: Seconds, { entersAt }: SectionCue): boolean => at > entersAt + TOGETHER;

/** What sounds before the sync point. */
const pickupOf = (stinger: Stinger | undefined): Seconds => stinger?.take?.pickup ?? seconds(0);

/**
 * Cues the stingers whose time has come, and cuts those that must not sound on: in a mood that has just
 * been committed, or under one of higher priority. One whose sync point has gone, as nobody could decide
 * in time, takes the next.
 */
export function cueStingers(
  score: Score,
  before: DirectorState,
  at: Seconds,
  now: Seconds,
  cues: Cue[],
  refuse: (refusal: StingerRefusal, waiting: WaitingStinger) => void,
): DirectorState {
  const { waiting } = before.stingers;
  let state = forgetEnded(before, at);
  if (waiting.length === 0) return state;
  const isReady = ({ name, at: time }: (typeof waiting)[number]): boolean =>
    isDue(seconds(time - pickupOf(stingerNamed(score, name))), at);
  const later = waiting.filter((each) => !isReady(each));
  state = { ...state, stingers: { ...state.stingers, waiting: later } };
  for (const each of waiting.filter(isReady)) {
    const { name, at: time } = each;
    const stinger = stingerNamed(score, name);
    if (stinger === undefined) continue;
    if (time < now + SHORTEST_NOTICE) {
      const next = syncPointOf(state, stinger, earliestChange(at, now));
      state = wait(state, { ...each, at: next });
      continue;
    }
    const next = sound(score, state, stinger, each, cues);
    if (typeof next === "string") refuse(next, each);
    else state = next;
  }
  return state;
}

const wait = (state: DirectorState, waiting: WaitingStinger): DirectorState => {
  const { stingers } = state;
  return { ...state, stingers: { ...stingers, waiting: [...stingers.waiting, waiting] } };
};

/** A stinger begins, over the section that sounds then. */
function sound(
  score: Score,
  state: DirectorState,
  stinger: Stinger,
  { at, placing }: WaitingStinger,
  cues: Cue[],
): DirectorState | StingerRefusal {
  const section = sectionAt(state, at);
  if (section === undefined) return state;
  if (!meansMood(score, stinger.moods, section.mood.name)) return "not-in-this-mood";
  if (at < (state.stingers.began[stinger.name] ?? -Infinity) + stinger.cooldown) {
    return "cooling-down";
  }
  const room = makeRoom(score, state.stingers, stinger, at, cues);
  if (room === undefined) return "too-many";
  const until =
    stinger.take === undefined
      ? timeOfBar(section, barsUntil(section, at) + stinger.bars)
      : seconds(at + stinger.take.lasts);
  const { name, duck } = stinger;
  const id = room.count;
  const { index } = section;
  const times = { at, entersAt: at, until };
  cues.push({ kind: "stinger", id, stinger, section: index, ...times, duck, placing });
  const stingers: StingerState = {
    ...room,
    count: id + 1,
    sounding: [...room.sounding, { id, name, from: at, until, placing }],
    began: { ...room.began, [name]: at },
  };
  return { ...state, stingers };
}

const sectionAt = ({ section, committed }: DirectorState, at: Seconds): SectionCue | undefined =>
  committed !== undefined && at >= committed.entersAt ? committed : section;

/** As many of lower priority as must give way; undefined where too few do. */
function makeRoom(
  score: Score,
  state: StingerState,
  stinger: Stinger,
  at: Seconds,
  cues: Cue[],
): StingerState | undefined {
  const sounding = state.sounding.filter((each) => endOf(each) > at);
  const tooMany = sounding.length - stinger.most + 1;
  if (tooMany <= 0) return state;
  const priorityOf = (name: string): number => stingerNamed(score, name)?.priority ?? 0;
  const weakest = sounding
    .toSorted((a, b) => priorityOf(a.name) - priorityOf(b.name))
    .slice(0, tooMany);
  if (weakest.some(({ name }) => priorityOf(name) >= stinger.priority)) return undefined;
  return cutOff(state, weakest, at, cues);
}

/** Stingers that wait for a moment of the section before find their sync point in the one that comes. */
export function alignStingers(
  score: Score,
  state: DirectorState,
  section: SectionCue,
): DirectorState {
  const { waiting } = state.stingers;
  if (!waiting.some(({ at }) => isAfter(at, section))) return state;
  const aligned = waiting.map((each) => {
    const stinger = stingerNamed(score, each.name);
    if (stinger === undefined || !isAfter(each.at, section)) return each;
    return { ...each, at: nextSyncPoint(section, stinger.at, gridOf(section), each.at) };
  });
  return { ...state, stingers: { ...state.stingers, waiting: aligned } };
}

/** Stingers that are not allowed to ring into the next mood end where it begins. */
export function cutStingers(
  score: Score,
  state: DirectorState,
  section: SectionCue,
  cues: Cue[],
): DirectorState {
  const at = section.entersAt;
  const cut = state.stingers.sounding.filter(
    (each) => sounds(score, each, at) && stingerNamed(score, each.name)?.next === "cut",
  );
  return cut.length === 0 ? state : { ...state, stingers: cutOff(state.stingers, cut, at, cues) };
}

/** Ends some of them at a moment; until then they count as sounding. */
function cutOff(
  state: StingerState,
  cut: StingerState["sounding"],
  at: Seconds,
  cues: Cue[],
): StingerState {
  for (const { id } of cut) cues.push({ kind: "stinger-cut", id, at });
  const sounding = state.sounding.map((each) => (cut.includes(each) ? { ...each, cut: at } : each));
  return { ...state, sounding };
}

/** When one is over, or is cut off. */
export const endOf = ({ until, cut }: StingerState["sounding"][number]): Seconds => cut ?? until;

/** Whether a stinger sounds on where another mood begins, or leads with its pickup to a sync point that is none any more. */
function sounds(score: Score, each: StingerState["sounding"][number], at: Seconds): boolean {
  const { name, from } = each;
  const begins = from - pickupOf(stingerNamed(score, name));
  const meets = Math.abs(from - at) < TOGETHER;
  return !meets && begins < at && endOf(each) > at;
}

function forgetEnded(state: DirectorState, at: Seconds): DirectorState {
  const sounding = state.stingers.sounding.filter((each) => endOf(each) > at);
  if (sounding.length === state.stingers.sounding.length) return state;
  return { ...state, stingers: { ...state.stingers, sounding } };
}

/** A stinger that belongs to a transition sounds where the new mood begins. */
export function stingerOfTransition(
  score: Score,
  state: DirectorState,
  section: SectionCue,
): DirectorState {
  const name = score.transitions[section.transition?.matched ?? -1]?.stinger;
  if (name === undefined || section.cause !== "transition") return state;
  const began = state.stingers.began[name] ?? -Infinity;
  const cooldown = stingerNamed(score, name)?.cooldown ?? 0;
  if (section.entersAt < began + cooldown) return state;
  return wait(state, { name, at: section.entersAt });
}
