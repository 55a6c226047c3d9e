import type { AuthoredScore } from "./authored.ts";
import { partsOf } from "./condition-logic.ts";
import type { Path, Problem } from "./issue.ts";
import type { Mood, Score, Stinger } from "./score.ts";

/** What stands in a score and does nothing there. */
export function* findIdle(authored: AuthoredScore, score: Score): Generator<Problem> {
  yield* unnamedParts(authored);
  yield* unreadSignals(authored, score);
  for (const mood of score.moods) yield* unheardTheme(mood);
  for (const stinger of score.stingers) yield* unheardThemeOfStinger(stinger);
  yield* stingersOutOfPlace(score);
}

/** Themes, takes, forms and progressions that nothing names. */
function* unnamedParts(authored: AuthoredScore): Generator<Problem> {
  const moods = Object.values(authored.moods);
  const stingers = Object.values(authored.stingers ?? {});
  const bridges = (authored.transitions ?? []).map(({ bridge }) => bridge);
  const named = {
    themes: [...moods.map(({ theme }) => theme?.name), ...stingers.map(({ theme }) => theme)],
    takes: [
      ...[...moods, ...bridges].flatMap((part) => Object.values(part?.takes ?? {})),
      ...stingers.map(({ take }) => take),
    ],
    forms: moods.map(({ form }) => form),
    progressions: moods.flatMap(({ progression }) => progression ?? []),
  };
  const nouns = { themes: "theme", takes: "take", forms: "form", progressions: "progression" };
  for (const section of ["themes", "takes", "forms", "progressions"] as const) {
    const names: ReadonlySet<string | undefined> = new Set(named[section]);
    for (const name of Object.keys(authored[section] ?? {})) {
      if (names.has(name)) continue;
      const found = `a ${nouns[section]} that nothing names`;
      yield { path: [section, name], at: "key", found, expected: USERS[section] };
    }
  }
}

const USERS = {
  themes: "a mood or a stinger that plays it",
  takes: "a mood, a bridge or a stinger that plays it",
  forms: "a mood that has it",
  progressions: "a mood that has it",
} as const;

/** Signals are for rules; `intensity` is for stems as well. */
function* unreadSignals(authored: AuthoredScore, { rules }: Score): Generator<Problem> {
  const read = new Set(
    rules
      .flatMap(({ when, until }) => [...partsOf(when), ...partsOf(until)])
      .flatMap((part) => (part.kind === "signal" ? [part.signal] : [])),
  );
  for (const name of Object.keys(authored.signals ?? {})) {
    if (name === "intensity" || read.has(name)) continue;
    const expected = "a rule whose condition names it";
    yield {
      path: ["signals", name],
      at: "key",
      found: "a signal that changes nothing",
      expected,
    };
  }
}

function* unheardTheme({ name, theme, stems, takes, form }: Mood): Generator<Problem> {
  if (theme === undefined) return;
  const path: Path = ["moods", name, "theme"];
  const found = "a theme that is never heard";
  if (stems.melody === undefined) {
    yield { path, found, expected: "melody among the mood's stems" };
  } else if (takes.melody !== undefined) {
    yield { path, found, expected: "a melody that plays no take" };
  } else if (!form.some(({ letter, primes }) => letter === "A" && primes === 0)) {
    yield { path, found, expected: "a form with a plain A, which states it" };
  }
}

function* unheardThemeOfStinger({ name, theme, stems, take }: Stinger): Generator<Problem> {
  if (theme === undefined || take !== undefined || stems.includes("melody")) return;
  const expected = "melody among the stinger's stems";
  yield { path: ["stingers", name, "theme"], found: "a theme that is never heard", expected };
}

/** Stingers of transitions that lead only to moods in which they may not sound. */
function* stingersOutOfPlace({ moods, stingers, transitions }: Score): Generator<Problem> {
  const means = (names: readonly string[], { name, ancestors }: Mood): boolean =>
    names.some((each) => each === "any" || each === name || ancestors.includes(each));
  for (const [index, { to, stinger: name }] of transitions.entries()) {
    const stinger = stingers.find((each) => each.name === name);
    if (stinger === undefined) continue;
    if (moods.some((mood) => means(to, mood) && means(stinger.moods, mood))) continue;
    yield {
      path: ["transitions", index, "stinger"],
      found: "a stinger that may not sound in the mood to which it goes",
      expected: `that mood among the "moods" of ${name}`,
    };
  }
}
