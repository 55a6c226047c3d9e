import { perStem, type PerStem } from "../music/stem.ts";
import type { Score } from "../score/score.ts";
import { barsUntil } from "../time/section.ts";
import { bpm, decibels, seconds, unitInterval } from "../time/units.ts";
import type { Seconds, UnitInterval } from "../time/units.ts";
import type { PhraseCue, SectionCue } from "./cue.ts";
import { lookupOf } from "./lookup.ts";
import { locationNamed, paletteOf } from "./places.ts";
import { matchTransition } from "./rules.ts";
import type { SavedDirector, SavedLayers, SavedPhrase, SavedSection } from "./save.ts";
import type { DirectorState, PendingTransition } from "./state.ts";
import { anchored, phraseAt, phraseBars, tempoOf } from "./tempo.ts";
import { LONGEST_FADE, LOOKAHEAD } from "./timing.ts";

/** Phrases that were cued lie no further from the one that sounds. */
const MOST_AHEAD = 64;
/** Seconds, and no less than the longest beat lasts: a change of tempo waits for the next. */
const SLOWEST_BEAT = 6;

type Sounding = Pick<
  DirectorState,
  | "sections"
  | "section"
  | "committed"
  | "pending"
  | "fading"
  | "phrases"
  | "ahead"
  | "layers"
  | "colour"
  | "aim"
>;

const NO_LAYERS: DirectorState["layers"] = perStem(() => undefined);

/** The sections with all that hangs on their grids. */
export function whatSounds(score: Score, saved: SavedDirector, time: Seconds): Sounding {
  const { sections } = saved;
  const section = saved.section === null ? undefined : sectionFrom(score, saved.section);
  if (section === undefined || saved.section === null) {
    return { ...NOTHING, sections };
  }
  if (!isAsWritten(section, saved.section)) {
    return { ...NOTHING, sections, ...beginAgain(movedTo(section, time), time) };
  }
  const present = { ...section, entersAt: seconds(Math.min(section.entersAt, time)) };
  const committed = committedFrom(score, saved, time);
  const latest = committed ?? present;
  const isWhole = committed !== undefined || saved.committed === null;
  return {
    sections,
    section: present,
    committed,
    pending: pendingFrom(score, saved, present),
    fading: fadingFrom(score, saved),
    aim: aimFrom(saved),
    ...(isWhole
      ? {
          ...phrasesFrom(
            saved,
            latest,
            [present, committed, fadingFrom(score, saved)?.section],
            time,
          ),
          layers: layersFrom(saved.layers),
          colour: colourFrom(saved, latest),
        }
      : beginAgain(present, time)),
  };
}

const NOTHING: Sounding = {
  sections: 0,
  section: undefined,
  committed: undefined,
  pending: undefined,
  fading: undefined,
  phrases: 0,
  ahead: [],
  layers: NO_LAYERS,
  colour: undefined,
  aim: undefined,
};

/** A section whose phrases and levels are cued anew. */
const beginAgain = (
  section: SectionCue,
  time: Seconds,
): Pick<Sounding, "section" | "phrases" | "ahead" | "layers" | "colour"> => ({
  section,
  phrases: phraseAt(section, time).index,
  ahead: [],
  layers: NO_LAYERS,
  colour: undefined,
});

/** A place by its name, or the score's first where it is gone. */
export const locationFrom = (score: Score, name: string | null): string | undefined =>
  locationNamed(score, name ?? undefined)?.name ?? score.locations[0]?.name;

/** Undefined where its mood, or that to which a bridge leads, is gone. */
function sectionFrom(score: Score, saved: SavedSection): SectionCue | undefined {
  const { phrase: _, ramp, transition, ...rest } = saved;
  const { moods } = lookupOf(score);
  const mood = moods.get(saved.mood);
  const leads = saved.bridge === null ? undefined : moods.get(saved.bridge.mood);
  if (mood === undefined || (saved.bridge !== null && leads === undefined)) return undefined;
  const location = locationFrom(score, saved.location);
  const isKnown = transition !== null && moods.has(transition.from) && moods.has(transition.to);
  const choice = isKnown ? transition : undefined;
  const matching = choice && matchTransition(score, choice.from, choice.to);
  return {
    ...rest,
    kind: "section",
    startsAt: seconds(saved.startsAt),
    entersAt: seconds(saved.entersAt),
    tempo: bpm(saved.tempo),
    ramp: ramp === null ? undefined : { to: bpm(ramp.to), bars: ramp.bars },
    mood,
    location,
    palette: paletteOf(score, location),
    fade: seconds(saved.fade),
    bridge: leads && {
      mood: leads,
      bars: saved.bridge?.bars ?? 1,
      parts: score.transitions[matching?.matched ?? -1]?.bridge?.parts,
    },
    transition: choice &&
      matching && {
        from: choice.from,
        to: choice.to,
        sync: matching.transition.at,
        matched: matching.matched,
      },
  };
}

/** Whether the score still gives a section the grid with which it was saved. */
function isAsWritten(section: SectionCue, { phrase }: SavedSection): boolean {
  const { mood, meter, tempo, bridge, scale, stretch } = section;
  if (meter !== mood.meter || phraseBars(section) !== phrase) return false;
  return bridge !== undefined || tempo === tempoOf(mood, scale, stretch);
}

/** On the grid that the score gives it now, at the same bar. */
function movedTo(section: SectionCue, time: Seconds): SectionCue {
  const { mood, scale, stretch } = section;
  const bar = section.bridge === undefined ? Math.max(0, barsUntil(section, time)) : 0;
  const tempo = tempoOf(mood, scale, stretch);
  const grid = anchored({ tempo, meter: mood.meter, ramp: undefined }, time, bar);
  return { ...section, ...grid, entersAt: time, bridge: undefined, transition: undefined };
}

/** A change that was final: it lies no further ahead than such a change may. */
function committedFrom(score: Score, saved: SavedDirector, time: Seconds): SectionCue | undefined {
  if (saved.committed === null) return undefined;
  const committed = sectionFrom(score, saved.committed);
  if (committed === undefined || !isAsWritten(committed, saved.committed)) return undefined;
  const isNear = committed.entersAt <= time + LOOKAHEAD + SLOWEST_BEAT;
  return isNear ? committed : undefined;
}

/** Left out where the score asks for another sync point by now: the director chooses again. */
function pendingFrom(
  score: Score,
  { pending }: SavedDirector,
  section: SectionCue,
): PendingTransition | undefined {
  if (pending === null || !lookupOf(score).moods.has(pending.mood)) return undefined;
  const location = locationFrom(score, pending.location);
  if (location !== (pending.location ?? undefined)) return undefined;
  const from = section.mood.name;
  const { transition, matched } = matchTransition(score, from, pending.mood);
  if (transition.at !== pending.sync) return undefined;
  const target = { mood: pending.mood, location };
  const at = seconds(pending.at);
  return { target, from, to: pending.mood, sync: transition.at, matched, at };
}

function fadingFrom(score: Score, { fading }: SavedDirector): DirectorState["fading"] {
  if (fading === null) return undefined;
  const section = sectionFrom(score, fading.section);
  if (section === undefined || !isAsWritten(section, fading.section)) return undefined;
  const { from, until, phrases } = fading;
  return {
    section,
    layers: layersFrom(fading.layers),
    phrases,
    from: seconds(from),
    until: seconds(Math.min(until, from + LONGEST_FADE)),
  };
}

const aimFrom = ({ aim }: SavedDirector): DirectorState["aim"] =>
  aim === null
    ? undefined
    : {
        ...aim,
        wanted: seconds(aim.wanted),
        lands: seconds(aim.lands),
        strength: unitInterval(aim.strength),
      };

/** The director counts on from what was cued, where that is all that it must have been; else it cues anew. */
function phrasesFrom(
  saved: SavedDirector,
  latest: SectionCue,
  sounding: readonly (SectionCue | undefined)[],
  time: Seconds,
): Pick<Sounding, "phrases" | "ahead"> {
  const here = phraseAt(latest, seconds(Math.max(time, latest.entersAt))).index;
  const ahead = saved.ahead.flatMap((phrase): readonly PhraseCue[] => {
    const section = sounding.find((each) => each?.index === phrase.section);
    const fits = section === undefined || phraseBars(section) === phrase.bars;
    return fits ? [phraseFrom(phrase)] : [];
  });
  const cued = new Set(ahead.flatMap((cue) => (cue.section === latest.index ? [cue.index] : [])));
  const between = saved.phrases - here;
  const isWhole =
    Math.abs(between) <= MOST_AHEAD &&
    Array.from({ length: Math.max(0, between) }).every((_, nth) => cued.has(here + nth));
  return isWhole ? { phrases: saved.phrases, ahead } : { phrases: here, ahead: [] };
}

const phraseFrom = (saved: SavedPhrase): PhraseCue => ({
  ...saved,
  kind: "phrase",
  at: seconds(saved.at),
  until: seconds(saved.until),
  intensity: unitInterval(saved.intensity),
  ending:
    saved.ending === null
      ? undefined
      : { bars: saved.ending.bars, strength: unitInterval(saved.ending.strength) },
});

const layersFrom = (saved: SavedLayers): PerStem<UnitInterval | undefined> =>
  perStem((stem) => {
    const gain = saved[stem];
    return gain === undefined ? undefined : unitInterval(gain);
  });

/** That of another palette is mixed anew. */
const colourFrom = ({ colour }: SavedDirector, { palette }: SectionCue): DirectorState["colour"] =>
  colour === null || colour.palette !== palette
    ? undefined
    : {
        palette,
        room: unitInterval(colour.room),
        paletteRoom: unitInterval(colour.paletteRoom),
        brightness: unitInterval(colour.brightness),
        level: decibels(colour.level),
      };
