import type { BarPlan, FormRole } from "../music/bar-plan.ts";
import type { Chord } from "../music/chord.ts";
import { diatonicTriad } from "../music/harmony.ts";
import { hashText, randomAt } from "../music/random.ts";
import type { Progression } from "../music/roman.ts";
import { STEMS, perStem, type PerStem, type Stem } from "../music/stem.ts";
import type { Mood } from "../score/score.ts";
import { unitInterval, type UnitInterval } from "../time/units.ts";
import { densitiesOf } from "./density.ts";
import { formStep, type FormStep } from "./form.ts";
import { halfCadence, harmonyOf, hasChoice } from "./progression.ts";
import { restOf } from "./rests.ts";
import { stateTheme, type ThemeLane } from "./theme-lane.ts";
import type { Theme } from "../theme/theme.ts";

/** What is to be written for one phrase, before any note exists. */
export interface PhrasePlan {
  /** Counts the phrases of a section from 0. */
  readonly index: number;
  readonly role: FormRole;
  /** A stem of density 0 rests in that bar. */
  readonly bars: readonly BarPlan[];
  readonly origin: Origin;
  /** The earlier phrase that the next one varies, where this one leads to it. */
  readonly towards?: number;
  /** The stems in play; the others are absent from the ensemble. */
  readonly stems: readonly Stem[];
  /** Stems that play authored takes: the model writes around them. */
  readonly authored?: readonly Stem[];
  readonly seed: number;
  /** What it states, where its mood has a theme. */
  readonly theme?: ThemeLane;
}

/** Where a phrase's notes come from: repetition is planned here, not left to the model. */
type Origin =
  | { readonly kind: "fresh" }
  /** Keeps the theme, and writes this share of its melody anew. */
  | { readonly kind: "theme"; readonly change: UnitInterval }
  /** Keeps an earlier phrase of the section and writes this share of each stem's cells anew. */
  | {
      readonly kind: "variation";
      /** At most eight phrases back. */
      readonly of: number;
      readonly share: PerStem<UnitInterval>;
      /** Whether the chords are those of the earlier phrase or those of this plan. */
      readonly harmony: "kept" | "new";
    };

export interface PhraseRequest {
  readonly mood: Mood;
  /** Bars in the phrase; default: as the mood says. A shorter one breaks off. */
  readonly length?: number;
  /** How often the mood has begun before: another visit, another tune. */
  readonly visit: number;
  readonly index: number;
  readonly intensity: UnitInterval;
  readonly seed: number;
  /** The theme of the mood, if it is known yet. */
  readonly theme?: Theme | undefined;
  /** Stems that play authored takes; default: none. */
  readonly authored?: readonly Stem[];
  /** Counts plans of the same phrase, from 0 (default): each has other notes on the same chords. */
  readonly attempt?: number;
  /** How the phrase ends where a hit point cuts it. */
  readonly ending?: "cadence" | "fill";
  /** How far the intensity rises towards that ending. Default 0.5. */
  readonly strength?: UnitInterval;
}

/** The rise of intensity over a phrase that heads for a hit point of full strength. */
const STEEPEST_RISE = 0.4;
const USUAL_STRENGTH = unitInterval(0.5);

/** A request with what follows from it for the phrase as a whole. */
interface Draft extends PhraseRequest {
  readonly length: number;
  readonly step: FormStep;
  /** Of the tune: what its phrases have in common is drawn from it. */
  readonly tuneSeed: number;
}

/** Pure: the same request gives the same plan. */
export function planPhrase(request: PhraseRequest): PhrasePlan {
  const { mood, visit, index, attempt = 0, authored = [] } = request;
  const tune = [hashText(mood.name), visit];
  const draw = (...key: readonly number[]): number =>
    Math.floor(randomAt(request.seed, ...tune, ...key) * 2 ** 31);
  const tuneSeed = draw();
  const step = formStep(mood.form, index, tuneSeed);
  const draft: Draft = { ...request, length: request.length ?? mood.phrase, step, tuneSeed };
  const plan: PhrasePlan = {
    index,
    role: step.role,
    bars: barsOf(draft),
    origin: originOf(draft),
    ...(step.towards === undefined ? {} : { towards: step.towards }),
    stems: STEMS.filter((stem) => mood.stems[stem] !== undefined),
    ...(authored.length === 0 ? {} : { authored }),
    seed: attempt === 0 ? draw(index) : draw(index, attempt),
  };
  const { theme } = request;
  return theme === undefined || mood.theme === undefined
    ? plan
    : stateTheme(plan, theme, mood.theme);
}

function barsOf(draft: Draft): readonly BarPlan[] {
  const { mood, length, step, ending, intensity, index, tuneSeed: seed } = draft;
  const { lasting } = step;
  const rest =
    ending === undefined
      ? restOf({ mood, index, bars: length, intensity, lasting, seed })
      : undefined;
  return chordsOf(draft).map((chords, bar): BarPlan => {
    const last = bar === length - 1;
    const role = last ? lastRole(step.role, ending) : step.role;
    const rise = riseAt(draft, bar);
    const level = (mood.arousal + intensity) / 2 + swell(step.role, bar, length) + rise;
    const drive = unitInterval(level);
    return {
      meter: mood.meter,
      tempo: mood.tempo,
      key: mood.key,
      chords,
      role,
      positionInPhrase: bar,
      intensity: drive,
      valence: mood.valence,
      arousal: mood.arousal,
      style: mood.style,
      density: densitiesOf({
        mood,
        intensity: unitInterval(intensity + rise),
        drive,
        bar,
        last,
        role,
        rest,
      }),
    };
  });
}

/** The last bar is a fill but that of a plain A, which comes to rest. */
const lastRole = (role: FormRole, ending: PhraseRequest["ending"]): FormRole =>
  ending === "cadence" ? "ending" : ending === "fill" || role !== "A" ? "fill" : role;

/** A phrase that is cut short has the first chords of the whole one, and comes home if it is to. */
function chordsOf({ mood, length, step, ending, tuneSeed }: Draft): Progression {
  const { idea, cadence } = step;
  const bars = Math.max(length, mood.phrase);
  const whole = harmonyOf({ mood, idea, cadence, bars, seed: tuneSeed });
  const chords = whole.slice(0, length);
  if (ending !== "cadence") return chords;
  const { mode } = mood.key;
  const home = diatonicTriad(mode, 0);
  const before = (pair: readonly [Chord, Chord]): readonly [Chord, Chord] =>
    mood.progressions.length > 0 ? pair : [pair[0], halfCadence(mode)];
  return chords.map((pair, bar) =>
    bar === length - 1 ? [home, home] : bar === length - 2 ? before(pair) : pair,
  );
}

/** A phrase breathes: A swells to its middle and rests, B rises towards what follows. */
function swell(role: FormRole, bar: number, length: number): number {
  const position = bar / Math.max(1, length - 1);
  return role === "B" ? 0.15 * (position - 0.5) : 0.1 * Math.sin(Math.PI * position) - 0.05;
}

const riseAt = ({ ending, strength = USUAL_STRENGTH, length }: Draft, bar: number): number =>
  ending === undefined ? 0 : (STEEPEST_RISE * strength * (bar + 1)) / length;

function originOf({ mood, step, ending }: Draft): Origin {
  const { source, idea } = step;
  if (source === undefined) return { kind: "fresh" };
  const isOther = source.version !== idea.version && hasChoice(mood);
  return {
    kind: "variation",
    of: source.index,
    share: perStem((stem) => shareOf(stem, source.change, isOther)),
    harmony: isOther || ending === "cadence" ? "new" : "kept",
  };
}

/** Harmony and bass carry the chords: they change half as much as the tune, and with new chords wholly. */
function shareOf(stem: Stem, change: UnitInterval, hasNewChords: boolean): UnitInterval {
  if (stem !== "harmony" && stem !== "bass") return change;
  return unitInterval(hasNewChords ? 1 : change / 2);
}
