import { createPlayer, type Player } from "./audio/player.ts";
import { shippedBank } from "./bank/shipped.ts";
import { Announcer } from "./conductor/announcer.ts";
import { Conductor } from "./conductor/conductor.ts";
import type { Cue } from "./director/cue.ts";
import type { GameEvent } from "./director/director.ts";
import { createEmitter, type Emitter } from "./emitter.ts";
import { employGenerator, employRenderer, type CrewMember } from "./crew.ts";
import type { Backend } from "./generator/service.ts";
import { PALETTE_NAMES, paletteNamed } from "./renderer-worker/palettes.ts";
import { formatIssue } from "./score/issue.ts";
import type { Score } from "./score/score.ts";
import { takeSnapshot, type GeneratorRecord } from "./snapshot.ts";
import type {
  FaultCode,
  Soundtrack,
  SoundtrackAssets,
  SoundtrackEvents,
  SoundtrackOptions,
  SoundtrackSnapshot,
  WarningCode,
} from "./soundtrack-interface.ts";
import { decibels, frames, milliseconds, seconds, type Seconds } from "./time/units.ts";

/** Each file is named here, so that a bundler takes it along. */
const DEFAULT_ASSETS: SoundtrackAssets = {
  modelManifestUrl: new URL("../models/shipped/lite/model.json", import.meta.url).href,
  modelFileUrls: {
    wasm: new URL("../models/shipped/lite/model.int8.onnx", import.meta.url).href,
    webgpu: new URL("../models/shipped/lite/model.webgpu.onnx", import.meta.url).href,
  },
  soundfontUrl: new URL("./renderer-worker/palettes/band.sf3", import.meta.url).href,
};
/** Between two looks at the clock. Decisions fall on the director's own grid, whatever this is. */
const TICK_MS = 40;
/** From `start()` to the first bar: time to hand over what is rendered already. */
const RUN_UP = 0.1;
/** Kept for the snapshot. */
const ANSWERS = 32;
/** Names that are warned of, at most: a game that makes up names must not fill the memory. */
const MOST_WARNINGS = 200;
/** Events that wait for one tick, at most; the oldest go first. */
const MOST_EVENTS = 4096;

/** A mistake in a score; `message` lists all of them, a line each. */
export class ScoreError extends Error {
  override readonly name = "ScoreError";
}

/**
 * Makes a soundtrack. Plays nothing yet and waits for nothing heavy: instruments and model load in the
 * background. Throws `ScoreError` for a score with mistakes and `RangeError` for a seed that is no
 * whole number.
 *
 * @example
 * const music = await createSoundtrack({ score });
 * button.onclick = () => music.start();
 * music.set("intensity", 0.7);
 */
export async function createSoundtrack(options: SoundtrackOptions): Promise<Soundtrack> {
  const { seed = 1 } = options;
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`seed must be a whole number, got ${seed}`);
  }
  return new PlayingSoundtrack(await scoreFrom(options.score), seed, options);
}

/** A game that brings its score checked never loads the parser. */
async function scoreFrom(given: string | Score): Promise<Score> {
  if (typeof given !== "string") return given;
  const { parseScore } = await import("./score/parse-score.ts");
  const parsed = parseScore(given, { palettes: PALETTE_NAMES });
  if (parsed.ok) return parsed.score;
  throw new ScoreError(parsed.issues.map((issue) => formatIssue(issue)).join("\n"));
}

/** Another manifest has other files. */
function assetsFrom(given: Partial<SoundtrackAssets> = {}): SoundtrackAssets {
  const { modelFileUrls: _, ...others } = DEFAULT_ASSETS;
  return { ...(given.modelManifestUrl === undefined ? DEFAULT_ASSETS : others), ...given };
}

/** The composition root: wires signals, director, composer, workers and player together. */
class PlayingSoundtrack implements Soundtrack {
  readonly #score: Score;
  readonly #player: Player = createPlayer();
  readonly #emitter: Emitter<SoundtrackEvents>;
  readonly #conductor: Conductor;
  readonly #announcer: Announcer;
  readonly #counters: Record<string, number> = {};
  readonly #warned = new Set<string>();
  readonly #generator: GeneratorRecord = { state: "off", backend: undefined, answers: [] };
  readonly #crew: readonly CrewMember[];
  #rendererFailure: Error | undefined;
  #state: SoundtrackSnapshot["state"] = "idle";
  #starting: Promise<void> | undefined;
  #origin: Seconds = seconds(0);
  #events: GameEvent[] = [];
  #timer: ReturnType<typeof setInterval>;

  constructor(score: Score, seed: number, options: SoundtrackOptions) {
    this.#score = score;
    this.#emitter = createEmitter<SoundtrackEvents>((kind, error) =>
      this.#listenerThrew(kind, error),
    );
    this.#conductor = this.#makeConductor(seed);
    this.#announcer = new Announcer((section, { bar, beat, at }) => {
      const audibleAt = this.#audibleAt(at);
      this.#emitter.emit("beat", { bar, beat, audibleAt });
      if (beat !== 0) return;
      this.#emitter.emit("bar", { bar, audibleAt });
      if (bar % score.phrase !== 0) return;
      const index = bar / score.phrase;
      const role = this.#roleOf(section.index, index);
      this.#emitter.emit("phrase", { index, role, audibleAt });
    });
    const assets = assetsFrom(options.assets);
    this.#crew = this.#employ(assets, options.generator ?? "auto");
    this.#timer = setInterval(() => this.#prepare(), TICK_MS);
  }

  get audioContext(): AudioContext {
    return this.#player.context;
  }

  get output(): AudioNode {
    return this.#player.output;
  }

  start(): Promise<void> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      if (this.#state === "starting") this.#state = "idle";
      throw error;
    });
    return this.#starting;
  }

  set(signal: string, value: number | string): void {
    if (this.#state === "disposed") return;
    const at = this.#now();
    if (signal !== "location") {
      this.#queue({ kind: "signal", at, name: signal, value });
    } else if (typeof value !== "string") {
      this.#warn("not-text", "location", `location must be a name, got ${String(value)}`);
    } else if (!this.#score.locations.some(({ name }) => name === value)) {
      const names = this.#score.locations.map(({ name }) => name).join(", ");
      this.#warn(
        "unknown-location",
        value,
        `no location "${value}"; the score has ${names || "none"}`,
      );
    } else {
      this.#queue({ kind: "location", at, name: value });
    }
  }

  on<Kind extends keyof SoundtrackEvents>(
    kind: Kind,
    listener: (event: SoundtrackEvents[Kind]) => void,
  ): () => void {
    return this.#emitter.on(kind, listener);
  }

  setVolume(level: number): void {
    this.#player.setVolume(decibels(Number.isNaN(level) ? 0 : Math.min(0, level)));
  }

  snapshot(): SoundtrackSnapshot {
    return takeSnapshot({
      score: this.#score,
      conductor: this.#conductor,
      generator: this.#generator,
      counters: { ...this.#counters, ...this.#player.counters },
      state: this.#state,
      time: this.#now(),
    });
  }

  async dispose(): Promise<void> {
    if (this.#state === "disposed") return;
    this.#state = "disposed";
    clearInterval(this.#timer);
    for (const member of this.#crew) member.dispose();
    await this.#player.dispose();
  }

  async #start(): Promise<void> {
    if (this.#state === "disposed") throw new Error("this soundtrack was disposed");
    this.#state = "starting";
    await this.#player.start();
    await this.#openingReady();
    clearInterval(this.#timer);
    const { sampleRate } = this.#player;
    const firstFrame = frames((this.#player.now() + RUN_UP) * sampleRate);
    this.#origin = seconds(firstFrame / sampleRate);
    this.#conductor.begin(this.#origin);
    this.#state = "playing";
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  async #openingReady(): Promise<void> {
    while (!this.#conductor.prepareOpening()) {
      if (this.#rendererFailure !== undefined) throw this.#rendererFailure;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  #prepare(): void {
    this.#conductor.prepareOpening();
  }

  #tick(): void {
    const now = this.#now();
    const events = this.#events;
    this.#events = [];
    this.#conductor.tick(now, events);
    const { section, committed } = this.#conductor.state;
    if (section !== undefined) this.#announcer.tick(section, committed, now);
  }

  #now(): Seconds {
    return seconds(this.#state === "playing" ? Math.max(0, this.#player.now() - this.#origin) : 0);
  }

  #audibleAt(time: Seconds): Seconds {
    return seconds(this.#origin + time + this.#player.latency);
  }

  #roleOf(section: number, phrase: number): string {
    const live = this.#conductor.sections.find(({ cue }) => cue.index === section);
    return live?.phrases.find(({ cue }) => cue.index === phrase)?.plan.role ?? "";
  }

  #queue(event: GameEvent): void {
    this.#events.push(event);
    if (this.#events.length > MOST_EVENTS) {
      this.#events.shift();
      this.#count("events-dropped");
    }
  }

  #makeConductor(seed: number): Conductor {
    return new Conductor({
      score: this.#score,
      seed,
      bank: shippedBank,
      playing: this.#player,
      paletteNamed,
      wallClock: () => milliseconds(performance.timeOrigin + performance.now()),
      events: {
        cue: (cue) => this.#tell(cue),
        taken: (phrase, { source }) => {
          const { section, cue, plan } = phrase;
          for (const stem of plan.stems) {
            this.#count(`takes-${source}`);
            this.#emitter.emit("take", {
              stem,
              phrase: cue.index,
              mood: section.mood.name,
              source,
            });
          }
        },
        writtenLate: ({ name }) =>
          this.#fault("generation-late", `no answer in time for phrase ${name}`),
        answered: ({ elapsed, queued, passes, outcome }, margin) => {
          this.#count(`answers-${outcome}`);
          const answer = { elapsed, queued, margin, passes };
          this.#generator.answers = [...this.#generator.answers, answer].slice(-ANSWERS);
        },
        failed: (error) => {
          if (error.name !== "GeneratorLostError") this.#fault("generation-failed", error.message);
        },
        late: () => this.#fault("render-late", "a bar came too late to be heard whole"),
        renderFailed: (error) => {
          if (error.name !== "RendererLostError") this.#fault("render-failed", error.message);
        },
        problem: (problem, name) => this.#warn(problem, name, describeProblem[problem](name)),
        missedSyncPoints: (missed) => {
          const message = `${missed} sync points passed while the page was busy`;
          this.#fault("sync-point-missed", message);
        },
      },
    });
  }

  #tell(cue: Cue): void {
    if (cue.kind !== "section") return;
    const { transition, startsAt, mood } = cue;
    this.#count("sections");
    if (transition !== undefined) {
      const { from, to, sync } = transition;
      this.#emitter.emit("transition", { from, to, sync, at: startsAt });
    }
    const audibleAt = this.#audibleAt(startsAt);
    this.#emitter.emit("mood", { from: transition?.from, to: mood.name, audibleAt });
  }

  #employ(assets: SoundtrackAssets, backend: Backend | "auto" | "off"): readonly CrewMember[] {
    const fault = (code: FaultCode, message: string): void => this.#fault(code, message);
    const { soundfontUrl, modelManifestUrl, modelFileUrls } = assets;
    const renderer = employRenderer(
      { soundfontUrl, sampleRate: this.#player.sampleRate },
      {
        rendering: (rendering) => {
          this.#conductor.rendering = rendering;
        },
        failed: (error) => {
          this.#rendererFailure = error;
        },
        fault,
      },
    );
    if (backend === "off") return [renderer];
    const record = this.#generator;
    record.state = "loading";
    const generator = employGenerator(
      { manifestUrl: modelManifestUrl, fileUrls: modelFileUrls, backend },
      {
        writing: (writing, used) => {
          record.state = writing === undefined ? "loading" : "ready";
          record.backend = used;
          this.#conductor.writing = writing;
        },
        progress: (progress) => this.#emitter.emit("progress", { what: "model", ...progress }),
        failed: () => {
          record.state = "failed";
        },
        fault,
      },
    );
    return [renderer, generator];
  }

  #count(name: string): void {
    this.#counters[name] = (this.#counters[name] ?? 0) + 1;
  }

  #warn(code: WarningCode, name: string, message: string): void {
    this.#count(`warning-${code}`);
    const key = `${code} ${name}`;
    if (this.#warned.has(key) || this.#warned.size >= MOST_WARNINGS) return;
    this.#warned.add(key);
    this.#emitter.emit("warning", { code, message });
  }

  #fault(code: FaultCode, message: string): void {
    this.#count(`fault-${code}`);
    this.#emitter.emit("fault", { code, message });
  }

  #listenerThrew(kind: keyof SoundtrackEvents, error: unknown): void {
    const message = `a listener of "${kind}" threw: ${String(error)}`;
    if (kind === "fault") this.#count("fault-listener-threw");
    else this.#fault("listener-threw", message);
  }
}

const describeProblem = {
  "unknown-signal": (name: string) => `the score has no signal "${name}"; it is ignored`,
  "not-a-number": (name: string) =>
    `signal "${name}" was set to something that is no number; it is ignored`,
  "out-of-range": (name: string) => `signal "${name}" was set beyond its range; it is clamped`,
} as const;
