import { hashText } from "../music/random.ts";
import { STEMS, type PerStem, type Stem } from "../music/stem.ts";
import type { Rule, Score } from "../score/score.ts";
import type { UnitInterval } from "../time/units.ts";
import type { PhraseCue, SectionCue } from "./cue.ts";
import type { DirectorState, PendingTransition } from "./state.ts";
import { phraseBars } from "./tempo.ts";

/**
 * All that the director remembers as plain JSON; moods, places, rules, stingers and signals by their
 * names. Times are seconds since the music began. `restoreDirector` makes a state of it again.
 */
export interface SavedDirector {
  readonly signals: Readonly<
    Record<
      string,
      { readonly anchor: number; readonly anchoredAt: number; readonly target: number }
    >
  >;
  readonly location: string | null;
  readonly weights: Readonly<Record<string, number>>;
  readonly rules: readonly {
    /** As `rulesByName` names it. */
    readonly rule: string;
    readonly holds: boolean;
    readonly freeFrom: number;
  }[];
  readonly holds: readonly {
    readonly id: number;
    readonly mood: string;
    readonly priority: number;
    readonly lasts: number | null;
    readonly since: number | null;
  }[];
  readonly sections: number;
  /** Null before the music had begun. */
  readonly section: SavedSection | null;
  readonly committed: SavedSection | null;
  readonly pending: SavedPending | null;
  readonly fading: {
    readonly section: SavedSection;
    readonly layers: SavedLayers;
    readonly phrases: number;
    readonly from: number;
    readonly until: number;
  } | null;
  readonly phrases: number;
  readonly ahead: readonly SavedPhrase[];
  readonly layers: SavedLayers;
  readonly colour: {
    readonly room: number;
    readonly paletteRoom: number;
    readonly palette: string;
    readonly brightness: number;
    readonly level: number;
  } | null;
  readonly visits: Readonly<Record<string, number>>;
  readonly left: Readonly<Record<string, { readonly visit: number; readonly bar: number }>>;
  readonly stingers: {
    readonly count: number;
    readonly waiting: readonly {
      readonly name: string;
      readonly at: number;
      readonly placing?: SavedPlacing | undefined;
    }[];
    readonly sounding: readonly {
      readonly id: number;
      readonly name: string;
      readonly from: number;
      readonly until: number;
      readonly cut?: number | undefined;
      readonly placing?: SavedPlacing | undefined;
    }[];
    readonly began: Readonly<Record<string, number>>;
  };
  readonly hits: readonly {
    readonly name: string;
    readonly time: number;
    readonly strength: number;
  }[];
  readonly aim: {
    readonly name: string;
    readonly wanted: number;
    readonly lands: number;
    readonly strength: number;
    readonly section: number;
    readonly bends: boolean;
    readonly stretch: number;
  } | null;
  readonly scale: number;
  readonly missedSyncPoints: number;
}

/** Absent: in the middle, at its own level. */
interface SavedPlacing {
  readonly pan: number;
  readonly level: number;
}

export interface SavedSection {
  readonly index: number;
  readonly startsAt: number;
  readonly entersAt: number;
  readonly tempo: number;
  readonly meter: SectionCue["meter"];
  readonly ramp: { readonly to: number; readonly bars: number } | null;
  readonly cause: SectionCue["cause"];
  readonly mood: string;
  readonly visit: number;
  readonly location: string | null;
  readonly fade: number;
  readonly stretch: number;
  readonly scale: number;
  readonly bridge: { readonly mood: string; readonly bars: number } | null;
  readonly transition: { readonly from: string; readonly to: string } | null;
  readonly because?: string | undefined;
  /** Bars of its phrases: an edited score may have others. */
  readonly phrase: number;
}

interface SavedPending {
  readonly mood: string;
  readonly location: string | null;
  readonly at: number;
  /** As the score has it, which may have been edited since. */
  readonly sync: string;
}

export interface SavedPhrase {
  readonly section: number;
  readonly index: number;
  readonly at: number;
  readonly until: number;
  readonly bars: number;
  readonly intensity: number;
  readonly ending: { readonly bars: number; readonly strength: number } | null;
}

/** Stems without a level have had none yet. */
export type SavedLayers = Readonly<Partial<Record<Stem, number>>>;

export function saveDirector(score: Score, state: DirectorState): SavedDirector {
  const { section, committed, pending, fading, colour, aim } = state;
  return {
    signals: Object.fromEntries(
      [...state.signals].map(([name, { anchor, anchoredAt, target }]) => [
        name,
        { anchor, anchoredAt, target },
      ]),
    ),
    location: state.location ?? null,
    weights: state.weights,
    rules: rulesByName(score).map((rule, index) => ({
      rule,
      holds: state.rules[index]?.holds ?? false,
      freeFrom: state.rules[index]?.freeFrom ?? 0,
    })),
    holds: state.holds.map(({ lasts, since, ...held }) => ({
      ...held,
      lasts: lasts ?? null,
      since: since ?? null,
    })),
    sections: state.sections,
    section: section === undefined ? null : saveSection(section),
    committed: committed === undefined ? null : saveSection(committed),
    pending: pending === undefined ? null : savePending(pending),
    fading:
      fading === undefined
        ? null
        : {
            ...fading,
            section: saveSection(fading.section),
            layers: saveLayers(fading.layers),
          },
    phrases: state.phrases,
    ahead: state.ahead.map(savePhrase),
    layers: saveLayers(state.layers),
    colour: colour ?? null,
    visits: state.visits,
    left: state.left,
    stingers: state.stingers,
    hits: state.hits,
    aim: aim ?? null,
    scale: state.scale,
    missedSyncPoints: state.missedSyncPoints,
  };
}

function saveSection(section: SectionCue): SavedSection {
  const { mood, location, ramp, bridge, transition, because } = section;
  const { index, startsAt, entersAt, tempo, meter, cause, visit, fade, stretch, scale } = section;
  return {
    index,
    startsAt,
    entersAt,
    tempo,
    meter,
    ramp: ramp ?? null,
    cause,
    mood: mood.name,
    visit,
    location: location ?? null,
    fade,
    stretch,
    scale,
    bridge: bridge === undefined ? null : { mood: bridge.mood.name, bars: bridge.bars },
    transition: transition === undefined ? null : { from: transition.from, to: transition.to },
    because,
    phrase: phraseBars(section),
  };
}

const savePending = ({ target, at, sync }: PendingTransition): SavedPending => ({
  mood: target.mood,
  location: target.location ?? null,
  at,
  sync,
});

const savePhrase = (cue: PhraseCue): SavedPhrase => {
  const { section, index, at, until, bars, intensity, ending } = cue;
  return { section, index, at, until, bars, intensity, ending: ending ?? null };
};

const saveLayers = (layers: PerStem<UnitInterval | undefined>): SavedLayers =>
  Object.fromEntries(
    STEMS.flatMap((stem) => (layers[stem] === undefined ? [] : [[stem, layers[stem]]])),
  );

/**
 * A name for each of a score's rules, by what it asks for and when, so that a save finds it again in a score
 * whose rules were moved, added or taken away. Of equal rules the second has a number, and so on.
 */
export function rulesByName({ rules }: Pick<Score, "rules">): readonly string[] {
  const counts = new Map<string, number>();
  return rules.map((rule) => {
    const name = nameOf(rule);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} ${count}`;
  });
}

const nameOf = ({ mood, when, until }: Rule): string =>
  `${mood} ${(hashText(JSON.stringify([when, until])) >>> 0).toString(36)}`;
