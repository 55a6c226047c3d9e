import { Announcer } from "./conductor/announcer.ts";
import type { Conductor, ConductorEvents } from "./conductor/conductor.ts";
import type { Emitter } from "./emitter.ts";
import type { Reporter } from "./reporter.ts";
import type { GeneratorRecord } from "./snapshot.ts";
import type { SoundtrackEvents } from "./soundtrack-interface.ts";
import type { Seconds } from "./time/units.ts";

/** Answers of the generator that the snapshot shows. */
const ANSWERS = 32;

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
}: Told & { readonly generator: GeneratorRecord }): ConductorEvents {
  return {
    cue(cue) {
      if (cue.kind !== "section") return;
      const { transition, mood } = cue;
      const at = audibleAt(cue.startsAt);
      reporter.count("sections");
      if (transition !== undefined) {
        const { from, to, sync } = transition;
        emitter.emit("transition", { from, to, sync, audibleAt: at });
      }
      emitter.emit("mood", { from: transition?.from, to: mood.name, audibleAt: at });
    },
    taken({ section, cue, plan }, { source }) {
      for (const stem of plan.stems) {
        reporter.count(`takes-${source}`);
        emitter.emit("take", { stem, phrase: cue.index, mood: section.mood.name, source });
      }
    },
    writtenLate: ({ name }) =>
      reporter.fault("generation-late", `no answer in time for phrase ${name}`),
    answered({ elapsed, queued, passes, outcome, backend }, margin) {
      reporter.count(`answers-${outcome}`);
      generator.answers = [...generator.answers, { elapsed, queued, margin, passes }].slice(
        -ANSWERS,
      );
      if (generator.backend === "webgpu" && backend === "wasm") {
        reporter.fault("backend-lost", "WebGPU failed; the model goes on in WebAssembly");
      }
      generator.backend = backend;
    },
    failed({ name, message }) {
      if (name !== "GeneratorLostError") reporter.fault("generation-failed", message);
    },
    late: () => reporter.fault("render-late", "a chunk came too late to be heard whole"),
    renderFailed: ({ message }) => reporter.fault("render-failed", message),
    problem: (problem, name) => reporter.warn(problem, name, PROBLEMS[problem](name)),
    missedSyncPoints(missed) {
      const message = `${missed} sync points passed while the page was busy`;
      reporter.fault("sync-point-missed", message);
    },
  };
}

const PROBLEMS = {
  "unknown-signal": (name: string) => `the score has no signal "${name}"; it is ignored`,
  "not-a-number": (name: string) =>
    `signal "${name}" was set to something that is no number; it is ignored`,
  "out-of-range": (name: string) => `signal "${name}" was set beyond its range; it is clamped`,
} as const;

/** Tells beats, bars and phrases ahead of their sound. */
export const announcer = ({
  emitter,
  audibleAt,
  conductor,
  phrase,
}: Told & { readonly conductor: Conductor; readonly phrase: number }): Announcer =>
  new Announcer((section, { bar, beat, at }) => {
    const time = audibleAt(at);
    emitter.emit("beat", { bar, beat, audibleAt: time });
    if (beat !== 0) return;
    emitter.emit("bar", { bar, audibleAt: time });
    if (bar % phrase !== 0) return;
    const index = bar / phrase;
    const live = conductor.sections.find(({ cue }) => cue.index === section.index);
    const role = live?.phrases.find(({ cue }) => cue.index === index)?.plan.role ?? "";
    emitter.emit("phrase", { index, role, audibleAt: time });
  });
