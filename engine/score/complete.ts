import { readForm, type Form } from "../music/form.ts";
import type { Key, Mode } from "../music/key.ts";
import type { Reading } from "../music/reading.ts";
import { chordsIn, readNumerals, type Progression } from "../music/roman.ts";
import { STEMS, type Stem } from "../music/stem.ts";
import type { Meter } from "../time/meter.ts";
import { bpm, seconds, unitInterval, type Bpm } from "../time/units.ts";
import { opposite } from "./condition-logic.ts";
import type {
  AuthoredLocation,
  AuthoredMood,
  AuthoredRule,
  AuthoredScore,
  AuthoredSignal,
  AuthoredStinger,
  AuthoredTransition,
} from "./authored.ts";
import { completePalette } from "./complete-palette.ts";
import {
  completeMoodTakes,
  completeParts,
  completeStingerTake,
  completeTake,
} from "./complete-take.ts";
import { completeMoodTheme, completeTheme } from "./complete-theme.ts";
import { lineOf } from "./inheritance.ts";
import { PLAIN } from "./plain.ts";
import type {
  Length,
  Location,
  Mood,
  Point,
  Rule,
  Score,
  SignalSpec,
  StemLevel,
  Stinger,
  Transition,
} from "./score.ts";

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
  const common: Common = {
    tempo,
    key,
    meter: score.meter ?? "4/4",
    phrase: score.phrase ?? 4,
    forms: score.forms ?? {},
    progressions: score.progressions ?? {},
  };
  const takes = Object.entries(score.takes ?? {}).map(([name, take]) =>
    completeTake(name, take, common.meter),
  );
  return {
    title: score.title ?? "Untitled",
    tempo,
    key,
    palette,
    palettes: Object.entries(score.palettes ?? {}).map(([name, own]) =>
      completePalette(name, own, defaultPalette),
    ),
    signals: completeSignals(score.signals ?? {}),
    themes: Object.entries(score.themes ?? {}).map(([name, theme]) =>
      completeTheme(name, theme, common),
    ),
    takes,
    moods: Object.keys(score.moods).map((name) => completeMood(name, score.moods, common)),
    locations: Object.entries(score.locations ?? {}).map(([name, location]) =>
      completeLocation(name, location, palette),
    ),
    stingers: Object.entries(score.stingers ?? {}).map(([name, stinger]) =>
      completeStinger(name, stinger, takes),
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

/** What a mood takes from the score where neither it nor an ancestor says otherwise. */
interface Common {
  readonly tempo: Bpm;
  readonly key: Key;
  readonly meter: Meter;
  readonly phrase: number;
  readonly forms: NonNullable<AuthoredScore["forms"]>;
  readonly progressions: NonNullable<AuthoredScore["progressions"]>;
}

function completeMood(name: string, moods: AuthoredScore["moods"], common: Common): Mood {
  const line = lineOf(name, moods);
  const given = <Field extends keyof AuthoredMood>(field: Field): AuthoredMood[Field] | undefined =>
    line.map((ancestor) => moods[ancestor]?.[field]).find((found) => found !== undefined);
  const moodKey = given("key") ?? common.key;
  return {
    name,
    ancestors: line.slice(1),
    valence: given("valence") ?? 0,
    arousal: given("arousal") ?? unitInterval(0.5),
    tempo: given("tempo") ?? common.tempo,
    meter: given("meter") ?? common.meter,
    phrase: given("phrase") ?? common.phrase,
    key: moodKey,
    style: given("style"),
    stems: completeStems(given("stems") ?? STEMS),
    activity: completeActivity(given("activity") ?? {}),
    form: formOf(given("form") ?? FORM, common.forms),
    progressions: (given("progression") ?? []).map((text) =>
      progressionOf(text, common.progressions, moodKey.mode),
    ),
    theme: completeMoodTheme(given("theme")),
    takes: completeMoodTakes(line.map((ancestor) => moods[ancestor]?.takes)),
    markers: Object.entries(given("markers") ?? {}).map(([marker, at]) => ({ name: marker, at })),
  };
}

function completeStems(
  stems: NonNullable<AuthoredMood["stems"]>,
): Readonly<Partial<Record<Stem, StemLevel>>> {
  const levels: Partial<Record<Stem, StemLevel>> = {};
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

function completeActivity(activity: NonNullable<AuthoredMood["activity"]>): Mood["activity"] {
  const curves: Partial<Record<Stem, readonly Point[]>> = {};
  for (const stem of STEMS) {
    const curve = activity[stem];
    if (curve !== undefined) curves[stem] = curve;
  }
  return curves;
}

/** Sixteen bars at the usual four a phrase, as in most songs. */
const FORM = "A A' B A";

/** The form of that name, or the one that the text is. Throws `RangeError` for a text that `relations.ts` refuses. */
function formOf(text: string, forms: Common["forms"]): Form {
  const named = Object.hasOwn(forms, text) ? forms[text] : undefined;
  return named ?? valueOf(readForm(text));
}

function progressionOf(
  text: string,
  progressions: Common["progressions"],
  mode: Mode,
): Progression {
  const named = Object.hasOwn(progressions, text) ? progressions[text] : undefined;
  return chordsIn(mode, named ?? valueOf(readNumerals(text)));
}

function valueOf<Value>(reading: Reading<Value>): Value {
  if (!reading.ok) throw new RangeError(`expected ${reading.expected}, got ${reading.found}`);
  return reading.value;
}

/** `Array.isArray` does not narrow readonly arrays. */
const isList = (stems: NonNullable<AuthoredMood["stems"]>): stems is readonly Stem[] =>
  Array.isArray(stems);

const completeLocation = (
  name: string,
  { palette, mood, colour = {} }: AuthoredLocation,
  defaultPalette: string,
): Location => ({
  name,
  palette: palette ?? defaultPalette,
  mood,
  colour: {
    room: colour.room,
    brightness: colour.brightness ?? PLAIN.brightness,
    level: colour.level ?? PLAIN.level,
  },
});

/** A stinger is played once in a while, and the music makes room for it. */
const completeStinger = (
  name: string,
  stinger: AuthoredStinger,
  takes: Score["takes"],
): Stinger => ({
  name,
  theme: stinger.theme,
  at: stinger.at ?? "beat",
  ...completeStingerTake(stinger, takes),
  ...(stinger.length === undefined ? {} : { bars: stinger.length.value }),
  stems: stinger.stems ?? ["melody", "harmony"],
  intensity: stinger.intensity ?? unitInterval(0.8),
  cooldown: stinger.cooldown ?? seconds(0),
  most: stinger.most ?? 2,
  priority: stinger.priority ?? 0,
  moods: stinger.moods ?? [ANY],
  next: stinger.next ?? "ring",
  duck: stinger.duck && {
    by: stinger.duck.by,
    attack: stinger.duck.attack ?? seconds(0.1),
    release: stinger.duck.release ?? seconds(0.6),
  },
});

const completeRule = (rule: AuthoredRule): Rule => ({
  when: rule.when,
  until: rule.until ?? opposite(rule.when),
  mood: rule.mood,
  dwell: rule.for ?? { value: 0, unit: "seconds" },
  cooldown: rule.cooldown ?? seconds(0),
  priority: rule.priority ?? 0,
});

function completeTransitions(authored: readonly AuthoredTransition[]): readonly Transition[] {
  const transitions = authored.map((transition): Transition => completeTransition(transition));
  if (transitions.some(({ from, to }) => from.includes(ANY) && to.includes(ANY))) {
    return transitions;
  }
  return [...transitions, completeTransition({ from: [ANY], to: [ANY] })];
}

const ONE_BAR: Length = { value: 1, unit: "bars" };

const completeTransition = (transition: AuthoredTransition): Transition => ({
  from: transition.from,
  to: transition.to,
  at: transition.at ?? "bar",
  enter: transition.enter,
  fade: transition.fade ?? ONE_BAR,
  bridge: completeBridge(transition.bridge),
  stinger: transition.stinger,
});

function completeBridge(bridge: AuthoredTransition["bridge"]): Transition["bridge"] {
  if (bridge === undefined || bridge.length.value === 0) return undefined;
  const parts = completeParts(bridge);
  const keepsTempo = Object.keys(parts?.takes ?? {}).length > 0;
  return {
    bars: bridge.length.value,
    tempo: bridge.tempo ?? (keepsTempo ? "step" : "ramp"),
    ...(parts === undefined ? {} : { parts }),
  };
}
