import { createPlayer, type Player } from "./audio/player.ts";
import { shippedBank } from "./bank/shipped.ts";
import type { Announcer } from "./conductor/announcer.ts";
import { Conductor } from "./conductor/conductor.ts";
import { createEmitter, type Emitter } from "./emitter.ts";
import { employGenerator, employRenderer, type CrewMember } from "./crew.ts";
import type { Backend } from "./generator/service.ts";
import { Inbox } from "./inbox.ts";
import { PALETTE_NAMES, paletteNamed } from "./renderer-worker/palettes.ts";
import { announcer, conductorEvents } from "./public-events.ts";
import { formatIssue } from "./score/issue.ts";
import type { Score } from "./score/score.ts";
import { Reporter } from "./reporter.ts";
import { takeSnapshot, type GeneratorRecord } from "./snapshot.ts";
import type {
  FaultCode,
  ModelSize,
  Soundtrack,
  SoundtrackAssets,
  SoundtrackEvents,
  SoundtrackOptions,
  SoundtrackSnapshot,
} from "./soundtrack-interface.ts";
import { decibels, frames, milliseconds, seconds, type Seconds } from "./time/units.ts";

/** Each file is named here, so that a bundler takes it along; only the chosen model is fetched. */
const MODELS: Readonly<Record<ModelSize, Omit<SoundtrackAssets, "soundfontUrl">>> = {
  full: {
    modelManifestUrl: new URL("../models/shipped/full/model.json", import.meta.url).href,
    modelFileUrls: {
      wasm: new URL("../models/shipped/full/model.int8.onnx", import.meta.url).href,
      webgpu: new URL("../models/shipped/full/model.webgpu.onnx", import.meta.url).href,
    },
  },
  lite: {
    modelManifestUrl: new URL("../models/shipped/lite/model.json", import.meta.url).href,
    modelFileUrls: {
      wasm: new URL("../models/shipped/lite/model.int8.onnx", import.meta.url).href,
      webgpu: new URL("../models/shipped/lite/model.webgpu.onnx", import.meta.url).href,
    },
  },
};
const SOUNDFONT_URL = new URL("./renderer-worker/palettes/band.sf3", import.meta.url).href;
/** Between two looks at the clock. Decisions fall on the director's own grid, whatever this is. */
const TICK_MS = 40;
/** From `start()` to the first bar: time to hand over what is rendered already. */
const RUN_UP = 0.1;

/** A mistake in a score; `message` lists all of them, a line each. */
export class ScoreError extends Error {
  override readonly name = "ScoreError";
}

/**
 * Makes a soundtrack. Plays nothing yet and waits for nothing heavy: instruments and model load in the
 * background. Throws `ScoreError` for a score with mistakes and `RangeError` for a seed that is no
 * whole number or a model that is not shipped.
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
  if (options.model !== undefined && !Object.hasOwn(MODELS, options.model)) {
    throw new RangeError(`model must be full or lite, got ${options.model}`);
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
function assetsFrom(
  size: ModelSize = "lite",
  given: Partial<SoundtrackAssets> = {},
): SoundtrackAssets {
  const shipped = MODELS[size];
  const model = given.modelManifestUrl === undefined ? shipped : { ...shipped, modelFileUrls: {} };
  return { soundfontUrl: SOUNDFONT_URL, ...model, ...given };
}

/** The composition root: wires signals, director, composer, workers and player together. */
class PlayingSoundtrack implements Soundtrack {
  readonly #score: Score;
  readonly #player: Player = createPlayer();
  readonly #emitter: Emitter<SoundtrackEvents>;
  readonly #reporter: Reporter;
  readonly #inbox: Inbox;
  readonly #conductor: Conductor;
  readonly #announcer: Announcer;
  readonly #generator: GeneratorRecord = { state: "off", backend: undefined, answers: [] };
  readonly #crew: readonly CrewMember[];
  #rendererFailure: Error | undefined;
  #state: SoundtrackSnapshot["state"] = "idle";
  #starting: Promise<void> | undefined;
  #origin: Seconds = seconds(0);
  #timer: ReturnType<typeof setInterval>;

  constructor(score: Score, seed: number, options: SoundtrackOptions) {
    this.#score = score;
    this.#emitter = createEmitter<SoundtrackEvents>((kind, error) =>
      this.#reporter.listenerThrew(kind, error),
    );
    this.#reporter = new Reporter(this.#emitter);
    this.#inbox = new Inbox(score, this.#reporter);
    const audibleAt = (time: Seconds): Seconds =>
      seconds(this.#origin + time + this.#player.latency);
    const told = { emitter: this.#emitter, reporter: this.#reporter, audibleAt };
    this.#conductor = new Conductor({
      score,
      seed,
      bank: shippedBank,
      playing: this.#player,
      paletteNamed,
      // The worker compares deadlines with its own clock: only the system's is the same for both.
      wallClock: () => milliseconds(Date.now()),
      events: conductorEvents({ ...told, generator: this.#generator }),
    });
    this.#announcer = announcer({ ...told, conductor: this.#conductor, phrase: score.phrase });
    this.#crew = this.#employ(
      assetsFrom(options.model, options.assets),
      options.generator ?? "auto",
    );
    this.#player.onStateChange((state) => {
      if (this.#state !== "playing" || state === "running") return;
      this.#reporter.fault("audio-interrupted", `the audio context is ${state}; start() resumes`);
    });
    this.#timer = setInterval(() => this.#conductor.prepareOpening(), TICK_MS);
  }

  get audioContext(): AudioContext {
    return this.#player.context;
  }

  get output(): AudioNode {
    return this.#player.output;
  }

  start(): Promise<void> {
    if (this.#state === "playing") return this.#player.start();
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      if (this.#state === "starting") this.#state = "idle";
      throw error;
    });
    return this.#starting;
  }

  set(signal: string, value: number | string): void {
    if (this.#state === "disposed") return;
    const event = this.#inbox.read(signal, value, this.#now());
    if (event === undefined) return;
    if (this.#state === "playing") this.#inbox.keep(event);
    else this.#conductor.preset(event);
  }

  on<Kind extends keyof SoundtrackEvents>(
    kind: Kind,
    listener: (event: SoundtrackEvents[Kind]) => void,
  ): () => void {
    return this.#emitter.on(kind, listener);
  }

  setVolume(level: number): void {
    if (Number.isNaN(level)) {
      this.#reporter.warn("not-a-number", "volume", "the volume was set to NaN; it is ignored");
    } else {
      this.#player.setVolume(decibels(Math.min(0, level)));
    }
  }

  snapshot(): SoundtrackSnapshot {
    return takeSnapshot({
      score: this.#score,
      conductor: this.#conductor,
      generator: this.#generator,
      counters: { ...this.#reporter.counters, ...this.#player.counters },
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
    this.#refuseIfDisposed();
    this.#state = "starting";
    await this.#player.start();
    this.#refuseIfDisposed();
    while (!this.#conductor.prepareOpening()) {
      if (this.#rendererFailure !== undefined) throw this.#rendererFailure;
      await new Promise((resolve) => setTimeout(resolve, 10));
      this.#refuseIfDisposed();
    }
    clearInterval(this.#timer);
    const { sampleRate } = this.#player;
    const firstFrame = frames((this.#player.now() + RUN_UP) * sampleRate);
    this.#origin = seconds(firstFrame / sampleRate);
    this.#conductor.begin(this.#origin);
    this.#state = "playing";
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  #refuseIfDisposed(): void {
    if (this.#state !== "disposed") return;
    throw new DOMException("the soundtrack was disposed", "AbortError");
  }

  #tick(): void {
    const now = this.#now();
    this.#conductor.tick(now, this.#inbox.empty());
    const { section, committed } = this.#conductor.state;
    if (section !== undefined) this.#announcer.tick(section, committed, now);
  }

  #now(): Seconds {
    return seconds(this.#state === "playing" ? Math.max(0, this.#player.now() - this.#origin) : 0);
  }

  #employ(assets: SoundtrackAssets, backend: Backend | "auto" | "off"): readonly CrewMember[] {
    const fault = (code: FaultCode, message: string): void => this.#reporter.fault(code, message);
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
}
