import { movementsOf } from "../music/dynamics.ts";
import { performed } from "../music/performance.ts";
import type { Stem } from "../music/stem.ts";
import type { RenderRequest, Voice } from "../renderer-worker/service.ts";
import { seconds, type Seconds } from "../time/units.ts";
import type { PhraseTake } from "../composer/take.ts";
import type { Pcm } from "./cut-take.ts";
import { frameMovements, frameNotes, partFrames } from "./frames.ts";
import type { Instruments } from "./instruments.ts";
import type { Playing, Rendering } from "./parts.ts";
import { PcmCache } from "./pcm-cache.ts";
import type { Phrase } from "./phrase.ts";

export interface ChunksOptions {
  readonly playing: Pick<Playing, "sampleRate">;
  readonly instruments: Instruments;
  readonly events: { renderFailed(error: Error): void };
  /** Bytes of PCM that are kept for the case that it is heard again. */
  readonly pcmBudget: number;
}

/** Weight of the newest chunk in the mean of what they cost. */
const NEWEST = 0.2;
/** Seconds for a chunk of a quick renderer. */
const QUICK = 0.025;

/** What an instrument plays of a stem. */
type Performed = Required<Pick<RenderRequest, "notes" | "movements">>;

const buffersOf = ({ left, right }: Pcm): readonly ArrayBuffer[] => [left.buffer, right.buffer];

/** Names half a bar of a stem within its phrase. */
export const chunkName = (stem: Stem, part: number): string => `${stem}:${part}`;

/** Half bars of stems as PCM: from the renderer, or kept from when they were rendered before. */
export class Chunks {
  readonly #options: ChunksOptions;
  readonly pcm: PcmCache;
  #rendering: Rendering | undefined;
  #inFlight = 0;
  /** What a chunk costs the renderer, in seconds, as a running mean. */
  #cost = 0;
  /** How many phrases a chunk waits for. */
  readonly #awaited = new WeakMap<Pcm, number>();
  /** Chunks that are kept no longer, and go back to the renderer with the next tick. */
  #gone: Pcm[] = [];
  /** What stems of a phrase play: worked out once for all of its chunks. */
  readonly #played = new WeakMap<Phrase, Map<Stem, Performed>>();

  constructor(options: ChunksOptions) {
    this.#options = options;
    this.pcm = new PcmCache(options.pcmBudget);
  }

  /** The renderer, or `undefined` while there is none. */
  set rendering(rendering: Rendering | undefined) {
    this.#rendering = rendering;
    this.#inFlight = 0;
  }

  /** Chunks that are with the renderer. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether two bars of five stems are rendered within half a second. */
  get isQuick(): boolean {
    return this.#cost < QUICK;
  }

  /** In how many seconds the renderer answers what it is asked for now, by what it has to do before that. */
  get delay(): Seconds {
    return this.delayOf(0);
  }

  /** The same for the last of so many more. */
  delayOf(more: number): Seconds {
    return seconds((this.#inFlight + more) * this.#cost);
  }

  /** A chunk; `again` where there is no renderer, or it was lost, `given-up` where it refused. */
  async render(phrase: Phrase, stem: Stem, part: number): Promise<Pcm | "again" | "given-up"> {
    const { take } = phrase;
    const rendering = this.#rendering;
    if (take === undefined || rendering === undefined) return "again";
    const { sampleRate } = this.#options.playing;
    const { from, to } = partFrames(phrase, part, sampleRate);
    const { instruments, events } = this.#options;
    const voice = instruments.of(phrase, stem);
    const played = this.#playedOf(phrase, stem, { take, voice });
    const request: RenderRequest = { take: `${phrase.name}:${stem}`, voice, ...played, from, to };
    const key = this.pcm.keyOf(request, sampleRate);
    const kept = this.pcm.find(key);
    if (kept !== undefined) return kept;
    this.#inFlight += 1;
    try {
      const chunk = await rendering.render(request);
      this.#gone.push(...this.pcm.keep(key, chunk));
      this.#cost += (chunk.cost / 1000 - this.#cost) * NEWEST;
      return chunk;
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      if (error.name === "RendererLostError") return "again";
      if (instruments.replace(phrase, voice, error)) {
        this.#played.delete(phrase);
        return "again";
      }
      events.renderFailed(error);
      return "given-up";
    } finally {
      this.#inFlight = Math.max(0, this.#inFlight - 1);
    }
  }

  /** A phrase that is to come will play this chunk. */
  setAside(chunk: Pcm): void {
    this.#awaited.set(chunk, (this.#awaited.get(chunk) ?? 0) + 1);
  }

  /** The phrase for which it was set aside plays it now. */
  takeUp(chunk: Pcm): void {
    this.#awaited.set(chunk, (this.#awaited.get(chunk) ?? 0) - 1);
  }

  /**
   * Gives memory of chunks that nobody wants any more back to the renderer: fresh memory for each chunk would
   * have the game's thread collect garbage every few seconds. Not while a chunk is on its way to the player.
   */
  recycle(): void {
    const free = this.#gone.filter((chunk) => (this.#awaited.get(chunk) ?? 0) === 0);
    this.#gone = [];
    if (free.length > 0) this.#rendering?.recycle(free.flatMap(buffersOf));
  }

  /** Frees what the renderer keeps for a phrase. */
  release(phrase: Phrase): void {
    for (const stem of phrase.plan.stems) this.#rendering?.release(`${phrase.name}:${stem}`);
  }

  #playedOf(
    phrase: Phrase,
    stem: Stem,
    { take, voice }: { readonly take: PhraseTake; readonly voice: Voice },
  ): Performed {
    const known = this.#played.get(phrase) ?? new Map<Stem, Performed>();
    this.#played.set(phrase, known);
    let performance = known.get(stem);
    if (performance === undefined) {
      const { sampleRate } = this.#options.playing;
      const { bars } = phrase.plan;
      const played = performed(take.notes, { stem, manner: voice.manner, bars });
      const movements = movementsOf(played, voice.manner ?? {}, bars);
      performance = {
        notes: frameNotes(played, phrase, sampleRate),
        movements: frameMovements(movements, phrase, sampleRate),
      };
      known.set(stem, performance);
    }
    return performance;
  }
}
