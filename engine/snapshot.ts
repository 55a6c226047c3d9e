import type { Conductor } from "./conductor/conductor.ts";
import { endOfPhrase, timeOfPart, type Phrase } from "./conductor/phrase.ts";
import { explainRules, explainTransitions } from "./director/explain.ts";
import { layerGain } from "./director/layers.ts";
import type { Backend } from "./generator/service.ts";
import { Margins } from "./margins.ts";
import { formatKey } from "./music/key.ts";
import { perStem } from "./music/stem.ts";
import type { Score } from "./score/score.ts";
import { readNormalised, readSignal } from "./signals/signals.ts";
import type {
  GeneratorView,
  PhraseView,
  QualityView,
  SoundtrackSnapshot,
} from "./soundtrack-interface.ts";
import { barsUntil, positionAt, tempoAt, type Section } from "./time/section.ts";
import {
  milliseconds,
  unitInterval,
  type Bpm,
  type Milliseconds,
  type Seconds,
} from "./time/units.ts";

/** What is known of the generator. */
export interface GeneratorRecord {
  state: GeneratorView["state"];
  backend: Backend | undefined;
  answers: GeneratorView["answers"];
  /** Running estimate of a pass in milliseconds, and when it was made, on the clock of `performance.now()`. */
  passTime: Milliseconds | undefined;
  measuredAt: Milliseconds;
  readonly margins: Margins;
}

export const createGeneratorRecord = (): GeneratorRecord => ({
  state: "off",
  backend: undefined,
  answers: [],
  passTime: undefined,
  measuredAt: milliseconds(0),
  margins: new Margins(),
});

export interface SnapshotParts {
  readonly score: Score;
  readonly conductor: Conductor;
  readonly generator: GeneratorRecord;
  readonly counters: Readonly<Record<string, number>>;
  readonly quality: QualityView;
  readonly state: SoundtrackSnapshot["state"];
  readonly time: Seconds;
}

export function takeSnapshot(parts: SnapshotParts): SoundtrackSnapshot {
  const { score, conductor, generator, counters, quality, state, time } = parts;
  const director = conductor.state;
  const { section, committed, pending, signals, location } = director;
  const mood = section?.mood ?? score.moods[0];
  const phrases = conductor.sections
    .flatMap((live) => live.phrases)
    .filter((phrase) => phraseEnd(phrase, conductor) > time)
    .toSorted((a, b) => timeOfPart(a, 0) - timeOfPart(b, 0))
    .map((phrase) => viewOf(phrase, conductor));
  const present = phrases.findLast((view) => view.startsAt <= time);
  const next = phrases.find((view) => view.startsAt > time);
  const transition =
    pending ?? (committed?.transition && { ...committed.transition, at: committed.entersAt });
  return {
    state,
    time,
    mood: mood?.name ?? "",
    location,
    holds: director.holds.map(({ mood: held, priority }) => ({ mood: held, priority })),
    key: formatKey(mood?.key ?? score.key),
    tempo: section === undefined ? (mood?.tempo ?? score.tempo) : tempoNow(section, time),
    meter: section?.meter ?? mood?.meter ?? "4/4",
    ...(section === undefined ? { bar: 0, beat: 0 } : positionAt(section, time)),
    phrase: present,
    nextPhrase: next,
    pending: transition && {
      from: transition.from,
      to: transition.to,
      sync: transition.sync,
      at: transition.at,
      // Words are made when they are asked for: a snapshot may be taken every frame.
      get considered() {
        return explainTransitions(score, transition.from, transition.to);
      },
    },
    get rules() {
      return explainRules(score, director, time);
    },
    signals: Object.fromEntries(
      Object.keys(score.signals).map((name) => [name, readSignal(signals, name, time)]),
    ),
    layers: perStem((stem) => {
      const threshold = mood?.stems[stem];
      if (threshold === undefined) return unitInterval(0);
      return layerGain(threshold, readNormalised(signals, "intensity", time));
    }),
    generator: {
      state: generator.state,
      backend: generator.backend,
      queueLength: conductor.accounts.ledger.total.open,
      answers: [...generator.answers],
    },
    readyMoods: conductor.readyMoods,
    quality,
    counters: { ...counters },
  };
}

const tempoNow = (section: Section, time: Seconds): Bpm =>
  tempoAt(section, barsUntil(section, time));

/** A phrase ends with its last bar, or where a later section begins. */
function phraseEnd(phrase: Phrase, { sections }: Conductor): Seconds {
  const end = endOfPhrase(phrase);
  const own = sections.findIndex(({ cue }) => cue.index === phrase.section.index);
  const later = sections[own + 1];
  return later === undefined || later.entered.at > end ? end : later.entered.at;
}

function viewOf(phrase: Phrase, conductor: Conductor): PhraseView {
  const { plan, take, index, authored } = phrase;
  const written = plan.stems.filter((stem) => !authored.has(stem));
  return {
    index,
    role: plan.role,
    bars: plan.bars.length,
    startsAt: timeOfPart(phrase, 0),
    endsAt: phraseEnd(phrase, conductor),
    sources:
      take === undefined
        ? {}
        : Object.fromEntries(
            plan.stems.map((stem) => [stem, authored.has(stem) ? "authored" : take.source]),
          ),
    notes:
      take === undefined ? {} : Object.fromEntries(written.map((stem) => [stem, take.notes[stem]])),
  };
}
