import type { Player } from "../../engine/audio/player.ts";
import type { Rendering, Writing } from "../../engine/conductor/parts.ts";
import type { Crew, CrewOptions } from "../../engine/crew.ts";
import type { GenerationAnswer, GenerationRequest } from "../../engine/generator/service.ts";
import { randomAt } from "../../engine/music/random.ts";
import { perStem } from "../../engine/music/stem.ts";
import type { RenderedChunk, RenderRequest } from "../../engine/renderer-worker/service.ts";
import { ticksPerBar } from "../../engine/time/meter.ts";
import {
  frames,
  midiPitch,
  milliseconds,
  seconds,
  ticks,
  velocity,
  type Seconds,
} from "../../engine/time/units.ts";

/** Seconds that a voice is known after its fade is over. */
const SWEPT = 0.001;
/** What the audio clock shows when a page opens. */
const BEFORE = 3;

export interface EdgeOptions {
  readonly sampleRate: number;
  /** Default: silence of the right length. */
  readonly render?: (request: RenderRequest) => Pick<RenderedChunk, "left" | "right">;
}

interface Voice {
  silentFrom: number;
}

/**
 * What lies outside the engine, on the clock of `performance.now()`: a player that plays nothing and looks
 * at all that it is told, and workers that take their time, fail now and then, and are lost at times.
 * `player` and `employCrew` stand in for those of `createSoundtrack`.
 */
export class SimulatedEdge {
  readonly #options: EdgeOptions;
  /** What was told to the player and is no finite number, or no sample. */
  readonly wrong: string[] = [];
  readonly #voices = new Map<string, Voice>();
  /** Takes for which the renderer keeps a synthesiser. */
  readonly takes = new Set<string>();
  /** Samples that were played. */
  samples = 0;
  #stoodAt: number | undefined;
  #calls = 0;

  constructor(options: EdgeOptions) {
    this.#options = options;
  }

  /** Voices in memory. */
  get voices(): number {
    return this.#voices.size;
  }

  #now(): number {
    return BEFORE + performance.now() / 1000;
  }

  #check(what: string, ...figures: readonly number[]): void {
    if (figures.every(Number.isFinite)) return;
    if (this.wrong.length < 20) this.wrong.push(`${what}: ${figures.join(", ")}`);
  }

  #chance(what: string): number {
    this.#calls += 1;
    return randomAt(1, what, this.#calls);
  }

  #sweep(): void {
    const now = Math.min(this.#now(), this.#stoodAt ?? Infinity);
    for (const [name, { silentFrom }] of this.#voices) {
      if (silentFrom + SWEPT < now) this.#voices.delete(name);
    }
  }

  readonly player = (): Player => {
    const { sampleRate } = this.#options;
    const counters = { scheduled: 0, late: 0, missed: 0, stopped: 0 };
    const now = (): Seconds => seconds(this.#now());
    const context = Object.assign(new EventTarget(), { outputLatency: 0.02 });
    Object.defineProperty(context, "currentTime", { get: now });
    return {
      sampleRate,
      latency: seconds(0.006),
      counters,
      now,
      // Nothing of these is touched but what is there.
      context: context as unknown as AudioContext,
      output: {} as AudioNode,
      held: { voices: 0, sources: 0, frames: 0 },
      start: () => Promise.resolve(),
      onStateChange: () => () => undefined,
      dispose: () => Promise.resolve(),
      open: (name, { at, fade, level = 1 }) => {
        this.#check(`open ${name}`, at, fade, level);
        this.#sweep();
        if (this.#voices.has(name)) throw new RangeError(`voice "${name}" is open already`);
        this.#voices.set(name, { silentFrom: Infinity });
      },
      play: (name, { left, right }, at) => {
        this.#check(`play ${name}`, at);
        if (left.length === 0 || right.length !== left.length) throw new RangeError("no chunk");
        this.samples += left.length;
        if (!left.every(Number.isFinite) || !right.every(Number.isFinite)) {
          this.#check(`samples of ${name}`, Number.NaN);
        }
        this.#sweep();
        if (at >= (this.#voices.get(name)?.silentFrom ?? -Infinity)) return "closed";
        const late = (this.#stoodAt ?? this.#now()) - at;
        const outcome =
          late <= 0 ? "scheduled" : late * sampleRate < left.length ? "late" : "missed";
        counters[outcome] += 1;
        return outcome;
      },
      close: (name, { at, fade }) => {
        this.#check(`close ${name}`, at, fade);
        const voice = this.#voices.get(name);
        if (voice === undefined) return;
        const from = Math.max(at, this.#stoodAt ?? this.#now());
        voice.silentFrom = Math.min(voice.silentFrom, from + fade);
      },
      reopen: (name, { at, fade }) => {
        this.#check(`reopen ${name}`, at, fade);
        const voice = this.#voices.get(name);
        if (voice === undefined || at >= voice.silentFrom) return false;
        voice.silentFrom = Infinity;
        return true;
      },
      setLevel: (name, gain, { at, ramp }) => this.#check(`level of ${name}`, gain, at, ramp),
      dip: (name, dips) => {
        for (const { at, to } of dips) this.#check(`dip of ${name}`, at, to);
      },
      setDipDepth: (name, share, at) => this.#check(`depth of ${name}`, share, at),
      setColour: ({ room, brightness, level, at, ramp }) =>
        this.#check("colour", room, brightness, level, at, ramp),
      duck: (name, { by, at, attack, until, release }) =>
        this.#check(`duck ${name}`, by, at, attack, until, release),
      endDuck: (name, at) => this.#check(`end of duck ${name}`, at),
      setVolume: (level) => this.#check("volume", level === -Infinity ? 0 : level),
      pause: (fade = seconds(0.03)) => {
        this.#stoodAt ??= Math.ceil((this.#now() + fade) * sampleRate) / sampleRate;
        return seconds(this.#stoodAt);
      },
      resume: (at) => {
        if (this.#stoodAt === undefined) return seconds(0);
        const by = frames((Math.max(at, this.#stoodAt) - this.#stoodAt) * sampleRate) / sampleRate;
        for (const voice of this.#voices.values()) {
          if (voice.silentFrom > this.#stoodAt) voice.silentFrom += by;
        }
        this.#stoodAt = undefined;
        return seconds(by);
      },
    };
  };

  readonly employCrew = ({ conductor, record, fault }: CrewOptions): Crew => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const arrive = (): void => {
      conductor.rendering = this.#rendering();
      conductor.writing = this.#writing();
      record.state = "ready";
      record.backend = "wasm";
      timer = setTimeout(lose, 20_000 + 40_000 * this.#chance("life"));
    };
    const lose = (): void => {
      const isWriter = this.#chance("which") < 0.5;
      if (isWriter) conductor.writing = undefined;
      else conductor.rendering = undefined;
      this.takes.clear();
      fault(isWriter ? "generator-lost" : "renderer-lost", "lost");
      timer = setTimeout(arrive, 1500);
    };
    timer = setTimeout(arrive, 50);
    return {
      employFor: () => undefined,
      tryAgain: () => undefined,
      dispose: () => clearTimeout(timer),
    };
  };

  #rendering(): Rendering {
    const { render = silenceFor } = this.#options;
    return {
      render: async (request) => {
        const { take, from, to, notes } = request;
        this.#check(`request for ${take}`, from, to, ...notes.flatMap(({ at, end }) => [at, end]));
        this.takes.add(take);
        await after(1 + 8 * this.#chance("render"));
        const chance = this.#chance("renderer");
        if (chance < 0.005) throw new Error("the renderer refuses");
        if (chance < 0.01) throw lost();
        return { take, from, to, ...render(request), cost: milliseconds(1) };
      },
      release: (take) => this.takes.delete(take),
      recycle: () => undefined,
    };
  }

  #writing(): Writing {
    const cancelled = new Set<string>();
    return {
      generate: async (request) => {
        const { deadline, tempo } = { ...request, tempo: request.bars.map((bar) => bar.tempo) };
        this.#check(`request ${request.id}`, deadline, ...tempo);
        await after(50 + 3000 * this.#chance("write") ** 3);
        const isCancelled = cancelled.delete(request.id);
        if (!isCancelled && this.#chance("writer") < 0.03) throw new Error("the model fails");
        return answerTo(request, isCancelled);
      },
      cancel: (id) => cancelled.add(id),
      revise: (id, { deadline, priority }) => this.#check(`revision of ${id}`, deadline, priority),
      rest: (share) => this.#check("rest", share),
    };
  }
}

const after = (time: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, time);
  });

const lost = (): Error => Object.assign(new Error("lost"), { name: "RendererLostError" });

const silenceFor = ({ from, to }: RenderRequest): Pick<RenderedChunk, "left" | "right"> => {
  const silence = new Float32Array(to - from);
  return { left: silence, right: silence };
};

/** A note for each stem in every bar where it plays. */
function answerTo(
  { id, bars, mask, passes }: GenerationRequest,
  isCancelled: boolean,
): GenerationAnswer {
  const noteIn = (bar: number, length: number) => ({
    at: ticks(bar * length),
    duration: ticks(480),
    pitch: midiPitch(40 + Math.floor(40 * randomAt(1, id, bar))),
    velocity: velocity(80),
  });
  const notes = perStem((stem) =>
    bars.flatMap(({ meter }, bar) =>
      mask[bar]?.[stem] === "absent" ? [] : [noteIn(bar, ticksPerBar(meter))],
    ),
  );
  return {
    id,
    outcome: isCancelled ? "cancelled" : "written",
    notes: isCancelled ? perStem(() => []) : notes,
    backend: "wasm",
    passes,
    elapsed: milliseconds(200),
    queued: milliseconds(0),
  };
}
