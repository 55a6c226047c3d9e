import type { Key } from "../music/key.ts";
import { STEMS, type Stem } from "../music/stem.ts";
import { bpm, seconds, unitInterval, type Bpm, type UnitInterval } from "../time/units.ts";
import { opposite } from "./condition.ts";
import type {
  AuthoredLocation,
  AuthoredMood,
  AuthoredRule,
  AuthoredScore,
  AuthoredSignal,
  AuthoredTransition,
} from "./authored.ts";
import { lineOf } from "./inheritance.ts";
import type { Location, Mood, Rule, Score, SignalSpec, Transition } from "./score.ts";

const ANY = "any";
const TEMPO = bpm(96);
const KEY: Key = { tonic: 0, mode: "ionian" };
const ATTACK = seconds(0.4);
/** Intensity falls slowly, so that the music does not drop with every lull of a fight. */
const RELEASE_OF_INTENSITY = seconds(4);
const RELEASE = seconds(0.4);

/** Fills in every default. The score must have passed all checks. */
export function complete(score: AuthoredScore, defaultPalette: string): Score {
  const tempo = score.tempo ?? TEMPO;
  const key = score.key ?? KEY;
  const palette = score.palette ?? defaultPalette;
  return {
    title: score.title ?? "Untitled",
    tempo,
    meter: score.meter ?? "4/4",
    key,
    palette,
    phrase: score.phrase ?? 4,
    signals: completeSignals(score.signals ?? {}),
    moods: Object.keys(score.moods).map((name) => completeMood(name, score.moods, tempo, key)),
    locations: Object.entries(score.locations ?? {}).map(([name, location]) =>
      completeLocation(name, location, palette),
    ),
    rules: (score.rules ?? []).map(completeRule),
    transitions: completeTransitions(score.transitions ?? []),
  };
}

function completeSignals(
  signals: Readonly<Record<string, AuthoredSignal>>,
): Readonly<Record<string, SignalSpec>> {
  // No prototype: a game may ask for any name.
  const specs: Record<string, SignalSpec> = Object.create(null);
  for (const [name, signal] of Object.entries({ intensity: {}, ...signals })) {
    specs[name] = completeSignal(name, signal);
  }
  return specs;
}

function completeSignal(name: string, signal: AuthoredSignal): SignalSpec {
  const range = signal.range ?? [0, 1];
  return {
    range,
    initial: signal.initial ?? range[0],
    attack: signal.attack ?? ATTACK,
    release: signal.release ?? (name === "intensity" ? RELEASE_OF_INTENSITY : RELEASE),
    curve: signal.curve ?? [],
    deadBand: signal.deadband ?? 0,
  };
}

function completeMood(name: string, moods: AuthoredScore["moods"], tempo: Bpm, key: Key): Mood {
  const line = lineOf(name, moods);
  const given = <Field extends keyof AuthoredMood>(field: Field): AuthoredMood[Field] | undefined =>
    line.map((ancestor) => moods[ancestor]?.[field]).find((found) => found !== undefined);
  return {
    name,
    ancestors: line.slice(1),
    valence: given("valence") ?? 0,
    arousal: given("arousal") ?? unitInterval(0.5),
    tempo: given("tempo") ?? tempo,
    key: given("key") ?? key,
    style: given("style"),
    stems: completeStems(given("stems") ?? STEMS),
  };
}

function completeStems(
  stems: NonNullable<AuthoredMood["stems"]>,
): Readonly<Partial<Record<Stem, UnitInterval>>> {
  const levels: Partial<Record<Stem, UnitInterval>> = {};
  for (const stem of STEMS) {
    const level = isList(stems)
      ? stems.includes(stem)
        ? unitInterval(0)
        : undefined
      : stems[stem];
    if (level !== undefined) levels[stem] = level;
  }
  return levels;
}

/** `Array.isArray` does not narrow readonly arrays. */
const isList = (stems: NonNullable<AuthoredMood["stems"]>): stems is readonly Stem[] =>
  Array.isArray(stems);

const completeLocation = (
  name: string,
  { palette, mood }: AuthoredLocation,
  defaultPalette: string,
): Location => ({ name, palette: palette ?? defaultPalette, mood });

const completeRule = (rule: AuthoredRule): Rule => ({
  when: rule.when,
  until: rule.until ?? opposite(rule.when),
  mood: rule.mood,
  dwell: rule.for ?? { value: 0, unit: "seconds" },
  cooldown: rule.cooldown ?? seconds(0),
  priority: rule.priority ?? 0,
});

function completeTransitions(authored: readonly AuthoredTransition[]): readonly Transition[] {
  const transitions = authored.map(({ from, to, at, fade }): Transition => ({
    from,
    to,
    at: at ?? "bar",
    fade: fade ?? { value: 1, unit: "bars" },
  }));
  if (transitions.some(({ from, to }) => from.includes(ANY) && to.includes(ANY))) {
    return transitions;
  }
  return [...transitions, { from: [ANY], to: [ANY], at: "bar", fade: { value: 1, unit: "bars" } }];
}
