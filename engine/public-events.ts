import { Announcer } from "./conductor/announcer.ts";
import type { ConductorEvents } from "./conductor/conductor-options.ts";
import type { Conductor } from "./conductor/conductor.ts";
import type { Cue, SectionCue } from "./director/cue.ts";
import { phraseBars } from "./director/tempo.ts";
import type { Emitter } from "./emitter.ts";
import type { FileEvents } from "./files.ts";
import type { DirectorProblem } from "./director/director.ts";
import type { FlightRecorder } from "./recorder.ts";
import type { Reporter } from "./reporter.ts";
import type { GeneratorRecord } from "./snapshot.ts";
import type { SoundtrackEvents } from "./soundtrack-interface.ts";
import { milliseconds, type Seconds } from "./time/units.ts";

/** Answers of the generator that the snapshot shows. */
const ANSWERS = 32;
/** Weight of the newest answer in the running estimate of a pass. */
const NEWEST = 0.3;
/** Sections whose mood is remembered, for a fade that turns round. */
const MOODS = 8;

interface Told {
  readonly emitter: Emitter<SoundtrackEvents>;
  readonly reporter: Reporter;
  /** Seconds since the music began → context time at the output. */
  readonly audibleAt: (time: Seconds) => Seconds;
}

/** What the conductor tells, as counters, warnings, faults and events for the game. */
export function conductorEvents({
  emitter,
  reporter,
  audibleAt,
  generator,
  recorder,
}: Told & {
  readonly generator: GeneratorRecord;
  readonly recorder: FlightRecorder;
}): ConductorEvents {
  const moods = new Map<number, string>();
  const moodOfSection = (cue: Cue): string | undefined => {
    if (cue.kind === "section") moods.set(cue.index, cue.mood.name);
    for (const index of moods.keys()) if (moods.size > MOODS) moods.delete(index);
    return cue.kind === "reversal" ? moods.get(cue.section) : undefined;
  };
  const tell = (cue: Cue): void => tellCue(cue, emitter, reporter, audibleAt, moodOfSection);
  return {
    cue(cue) {
      recorder.cue(cue);
      tell(cue);
    },
    // Decided and recorded before; what another section takes over at once is no news.
    reopened(cues) {
      for (const [place, cue] of cues.entries()) {
        moodOfSection(cue);
        const isOver = cues
          .slice(place + 1)
          .some((later) => isSection(cue) && isSection(later) && later.entersAt <= cue.entersAt);
        if (!isOver) tell(cue);
      }
    },
    taken({ section, index, plan, authored }, take, tune) {
      recorder.taken({ tune, index, section: section.index, take });
      for (const stem of plan.stems) {
        const source = authored.has(stem) ? "authored" : take.source;
        reporter.count(`takes-${source}`);
        emitter.emit("take", { stem, phrase: index, mood: section.mood.name, source });
      }
    },
    stingerTaken({ stinger, at, section }, take, tune) {
      const source = take?.source ?? "authored";
      if (take !== undefined) recorder.taken({ tune, index: 0, section, take });
      if (take !== undefined && stinger.take !== undefined) {
        const instead = take.source === "rest" ? "rests" : "is generated";
        const message = `take "${stinger.take.name}" is not there; stinger "${stinger.name}" ${instead}`;
        reporter.fault("take-unavailable", message);
      }
      reporter.count(`stingers-${source}`);
      emitter.emit("stinger", { name: stinger.name, audibleAt: audibleAt(at), source });
    },
    writtenLate: ({ name }) =>
      reporter.fault("generation-late", `no answer in time for phrase ${name}`),
    outOfTempo({ mood, tempo, meter }, stem, take) {
      const its = `it is at ${take.tempo} in ${take.meter}`;
      const why = `${its} and the music at ${tempo.toFixed(1)} in ${meter}`;
      const message = `take "${take.name}": ${why}; ${stem} of ${mood.name} do without it`;
      reporter.fault("take-unavailable", message);
    },
    notInMemory({ mood, bridge }, stem, take) {
      const what = `${stem} of the bridge from ${mood.name} to ${bridge?.mood.name ?? ""}`;
      const message = `take "${take.name}" is not there; ${what} do without it`;
      reporter.fault("take-unavailable", message);
    },
    answered({ elapsed, queued, passes, outcome, backend }, margin) {
      reporter.count(`answers-${outcome}`);
      generator.answers = [...generator.answers, { elapsed, queued, margin, passes }].slice(
        -ANSWERS,
      );
      if (generator.backend === "webgpu" && backend === "wasm") {
        reporter.fault("backend-lost", "WebGPU failed; the model goes on in WebAssembly");
      }
      generator.backend = backend;
      generator.margins.add(margin);
      if (passes === 0) return;
      const { passTime = elapsed / passes } = generator;
      generator.passTime = milliseconds(passTime + (elapsed / passes - passTime) * NEWEST);
      generator.measuredAt = milliseconds(performance.now());
    },
    failed({ name, message }) {
      if (name !== "GeneratorLostError") reporter.fault("generation-failed", message);
    },
    late: () => reporter.fault("render-late", "a chunk came too late to be heard whole"),
    renderFailed: ({ message }) => reporter.fault("render-failed", message),
    problem({ problem, name, at }) {
      reporter.warn(problem, name, PROBLEMS[problem](name));
      if (isRefusal(problem)) recorder.dropped(name, problem, at);
    },
    missedSyncPoints(missed) {
      const message = `${missed} sync points passed while the page was busy`;
      reporter.fault("sync-point-missed", message);
    },
  };
}

/** What is told of the files that are fetched. */
export const fileEvents = ({ emitter, reporter }: Omit<Told, "audibleAt">): FileEvents => ({
  progress: (progress) => emitter.emit("progress", progress),
  failed: (reason, message) => reporter.fault("download-failed", message, reason),
  notKept: (message) => reporter.warn("cache-unavailable", "cache", message),
});

const isRefusal = (problem: DirectorProblem["problem"]): boolean =>
  problem === "cooling-down" || problem === "not-in-this-mood" || problem === "too-many";

const isSection = (cue: Cue): cue is SectionCue => cue.kind === "section";

const PROBLEMS = {
  "unknown-signal": (name: string) => `the score has no signal "${name}"; it is ignored`,
  "not-a-number": (name: string) =>
    `signal "${name}" was set to something that is no number; it is ignored`,
  "out-of-range": (name: string) => `signal "${name}" was set beyond its range; it is clamped`,
  "unknown-stinger": (name: string) => `the score has no stinger "${name}"; it is ignored`,
  "cooling-down": (name: string) =>
    `stinger "${name}" was asked for within its cooldown; it is dropped`,
  "not-in-this-mood": (name: string) =>
    `stinger "${name}" may not sound in this mood; it is dropped`,
  "too-many": (name: string) => `stinger "${name}" found too many others sounding; it is dropped`,
} as const;

/** Cues that a game wants to know of, as events. */
function tellCue(
  cue: Cue,
  emitter: Told["emitter"],
  reporter: Reporter,
  audibleAt: Told["audibleAt"],
  comesBack: (cue: Cue) => string | undefined,
): void {
  const back = comesBack(cue);
  switch (cue.kind) {
    case "section": {
      const { transition, mood, bridge, cause, because = "" } = cue;
      const at = audibleAt(cue.entersAt);
      reporter.count("sections");
      reporter.count(`sections-${cause}`);
      if (transition !== undefined) {
        emitter.emit("transition", { ...transition, because, audibleAt: at });
      }
      const isNews = bridge === undefined && cause !== "tempo";
      const isSame = cause === "hit" && transition === undefined;
      if (!isNews || isSame) return;
      emitter.emit("mood", { from: transition?.from, to: mood.name, audibleAt: at });
      return;
    }
    case "reversal":
      reporter.count("reversals");
      if (back === undefined) return;
      emitter.emit("mood", { from: undefined, to: back, audibleAt: audibleAt(cue.at) });
      return;
    case "hit": {
      const { name, wanted, at, stretch } = cue;
      reporter.count("hits");
      emitter.emit("hit", {
        name,
        wantedAt: audibleAt(wanted),
        audibleAt: audibleAt(at),
        tempoFactor: stretch,
      });
      return;
    }
    case "phrase":
    case "layer":
    case "colour":
    case "stinger":
    case "stinger-cut":
      return;
  }
}

/** Tells beats, bars, phrases and markers ahead of their sound. */
export const announcer = (
  { emitter, audibleAt, conductor }: Told & { readonly conductor: Conductor },
  from?: Seconds,
): Announcer =>
  new Announcer(
    {
      beat(section, { bar, beat, at }) {
        const time = audibleAt(at);
        emitter.emit("beat", { bar, beat, audibleAt: time });
        if (beat !== 0) return;
        emitter.emit("bar", { bar, audibleAt: time });
        const length = phraseBars(section);
        if (bar % length !== 0) return;
        const index = bar / length;
        const live = conductor.sections.find(({ cue }) => cue.index === section.index);
        const role = live?.phrases.find((phrase) => phrase.index === index)?.plan.role ?? "";
        emitter.emit("phrase", { index, role, audibleAt: time });
      },
      marker: ({ mood }, name, at) =>
        emitter.emit("marker", { name, mood: mood.name, audibleAt: audibleAt(at) }),
    },
    from,
  );
