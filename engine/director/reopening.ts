import { perStem, STEMS } from "../music/stem.ts";
import type { Score } from "../score/score.ts";
import { readNormalised } from "../signals/signals.ts";
import { barsUntil } from "../time/section.ts";
import { seconds, type Seconds } from "../time/units.ts";
import type { Cue, LayerCue, SectionCue } from "./cue.ts";
import type { EntryPoint } from "./entry.ts";
import { layerGain } from "./layers.ts";
import { lookupOf } from "./lookup.ts";
import type { DirectorState, Target } from "./state.ts";
import { endOf } from "./stingers.ts";
import { CONTROL_PERIOD } from "./timing.ts";

/** Seconds that the first bars need which nobody could prepare. */
const RENDERING_TIME = 0.4;
const FADE_IN: Seconds = seconds(0.05);
/** Seconds: an old section, or a stinger, that would be heard for no longer is left out. */
const SHORTEST_REST = 0.25;

/**
 * What has been decided already, told again to players that know nothing of it: the sections that sound or
 * are final, their phrases and levels, the colour, stingers that sound or are final, and where a hit point
 * lands. The state stays as it is, so that all that is decided later is what it would have been.
 */
export function reopeningCues(score: Score, state: DirectorState, now: Seconds): readonly Cue[] {
  const opensAt = seconds(now + RENDERING_TIME);
  const sections = soundingFrom(state, opensAt);
  return [
    ...sections,
    ...sections.flatMap((section, place) => phrasesOf(state, section, sections[place + 1])),
    ...sections.flatMap((section) => levelsOf(state, section, now)),
    ...(state.colour === undefined
      ? []
      : [{ kind: "colour" as const, at: now, ramp: seconds(0), ...state.colour }]),
    ...stingersOf(score, state, sections, { now, opensAt }),
    ...aimOf(state),
  ];
}

/**
 * Where restored music will be heard first; undefined where that is on a bridge, or where it has not begun
 * before.
 */
export function reopeningEntry(state: DirectorState): (Target & EntryPoint) | undefined {
  const opensAt = seconds(state.controlPoints * CONTROL_PERIOD + RENDERING_TIME);
  const sections = soundingFrom(state, opensAt);
  const section = sections.findLast(({ entersAt }) => entersAt <= opensAt);
  if (section === undefined || section.bridge !== undefined) return undefined;
  const { mood, location, visit } = section;
  return { mood: mood.name, location, visit, bar: Math.max(0, barsUntil(section, opensAt)) };
}

/** What is heard from a moment on, in the order in which it takes over; a fade that is under way is finished. */
function soundingFrom(state: DirectorState, opensAt: Seconds): readonly SectionCue[] {
  const { fading, section, committed } = state;
  if (section === undefined) return [];
  const older = committed === undefined ? fading?.section : section;
  const newer = committed ?? section;
  const isHeard = older !== undefined && newer.entersAt + newer.fade > opensAt + SHORTEST_REST;
  if (!isHeard) return [reopened(newer, opensAt, FADE_IN)];
  const rest = seconds(Math.max(FADE_IN, newer.entersAt + newer.fade - opensAt));
  return [reopened(older, opensAt, FADE_IN), reopened(newer, opensAt, rest)];
}

/** What is yet to begin does so as it was meant to. */
const reopened = (section: SectionCue, opensAt: Seconds, fade: Seconds): SectionCue =>
  section.entersAt > opensAt
    ? section
    : { ...section, entersAt: opensAt, fade, cause: "restore", transition: undefined };

/** Those that are not cut off by the section that follows. */
const phrasesOf = (
  { ahead }: DirectorState,
  section: SectionCue,
  next: SectionCue | undefined,
): readonly Cue[] =>
  ahead.filter(
    (phrase) =>
      phrase.section === section.index &&
      phrase.until > section.entersAt &&
      (next === undefined || phrase.at < next.entersAt + next.fade),
  );

function levelsOf(state: DirectorState, section: SectionCue, now: Seconds): readonly LayerCue[] {
  const { fading, committed, layers } = state;
  const latest = committed ?? state.section;
  const isFading = fading?.section.index === section.index;
  const last = section.index === latest?.index ? layers : isFading ? fading.layers : NO_LEVELS;
  const intensity = readNormalised(state.signals, "intensity", now);
  return STEMS.flatMap((stem): readonly LayerCue[] => {
    const level = section.mood.stems[stem];
    if (level === undefined) return [];
    const gain = last[stem] ?? layerGain(level, intensity);
    const { index, entersAt: at } = section;
    return [{ kind: "layer", section: index, at, stem, gain, ramp: seconds(0) }];
  });
}

const NO_LEVELS: DirectorState["layers"] = perStem(() => undefined);

/**
 * Stingers that are final begin when they were meant to, and one that sounds already goes on in its middle,
 * where it would be by then: game and music stay as far apart as they were.
 */
function stingersOf(
  score: Score,
  { stingers, section, committed, fading }: DirectorState,
  sections: readonly SectionCue[],
  { now, opensAt }: { readonly now: Seconds; readonly opensAt: Seconds },
): readonly Cue[] {
  return stingers.sounding.flatMap((each): readonly Cue[] => {
    const { id, name, from: at, until, cut, placing } = each;
    const stinger = lookupOf(score).stingers.get(name);
    const under = [committed, section, fading?.section].find(
      (began) => began && at >= began.entersAt,
    );
    // What it began over may have gone since.
    const [over] = sections.filter(({ index }) => index === under?.index).concat(sections);
    const entersAt = at < now ? opensAt : at;
    const isOver = endOf(each) <= entersAt + SHORTEST_REST;
    if (stinger === undefined || over === undefined || isOver) return [];
    const { duck } = stinger;
    const times = { at, entersAt, until };
    return [
      { kind: "stinger", id, stinger, section: over.index, ...times, duck, placing },
      ...(cut === undefined ? [] : [{ kind: "stinger-cut" as const, id, at: cut }]),
    ];
  });
}

function aimOf({ aim, section, committed }: DirectorState): readonly Cue[] {
  const own = [section, committed].find((each) => each?.index === aim?.section);
  if (aim === undefined || own === undefined) return [];
  const { name, wanted, lands } = aim;
  return [{ kind: "hit", name, wanted, at: lands, stretch: own.stretch }];
}

/**
 * The same state with sections and stingers under numbers that nothing had `before`: voices that fade out
 * keep theirs for a moment. Where its own numbers are all free they stay.
 */
export function renumbered(state: DirectorState, before: DirectorState): DirectorState {
  const { section, committed, fading, aim, stingers } = state;
  const lowest = Math.min(
    state.sections,
    ...[section, committed, fading?.section].map((each) => each?.index ?? Infinity),
  );
  const by = Math.max(0, before.sections - lowest);
  const byId = Math.max(
    0,
    before.stingers.count - Math.min(stingers.count, ...stingers.sounding.map(({ id }) => id)),
  );
  const moved = (each: SectionCue): SectionCue => ({ ...each, index: each.index + by });
  return {
    ...state,
    sections: state.sections + by,
    section: section && moved(section),
    committed: committed && moved(committed),
    fading: fading && { ...fading, section: moved(fading.section) },
    ahead: state.ahead.map((phrase) => ({ ...phrase, section: phrase.section + by })),
    aim: aim && { ...aim, section: aim.section + by },
    stingers: {
      ...stingers,
      count: stingers.count + byId,
      sounding: stingers.sounding.map((each) => ({ ...each, id: each.id + byId })),
    },
  };
}
