import type { FrameNote, RenderRequest } from "../renderer-worker/service.ts";
import type { Pcm } from "./cut-take.ts";

/**
 * Seconds that a stretch may depend on what comes after it: the renderer strikes drums up to 20 ms early
 * and cuts its blocks, of 128 frames at most, where the next note begins.
 */
const FORESEEN = 0.05;

/** What there is of PCM that may be heard again. Bytes. */
export interface PcmUse {
  readonly kept: number;
  readonly budget: number;
  /** Chunks that the renderer made, and those that were there already. */
  readonly rendered: number;
  readonly reused: number;
}

/**
 * Keeps what was rendered, within a budget; what was wanted longest ago goes first. A chunk is known by what
 * it sounds like: by the voice, the stretch, and the notes up to its end. So a take that differs from another
 * in one stem, or from a bar on, has only that rendered, and music that comes back nothing at all.
 */
export class PcmCache implements PcmUse {
  readonly budget: number;
  kept = 0;
  rendered = 0;
  reused = 0;
  /** The most recently wanted last. */
  readonly #chunks = new Map<string, Pcm>();

  /** `budget` in bytes; 0 keeps nothing. */
  constructor(budget: number) {
    this.budget = budget;
  }

  /** What a chunk is known by. */
  keyOf(request: Omit<RenderRequest, "take">, sampleRate: number): string {
    const { voice, notes, movements = [], from, to } = request;
    const { bank, program, gain, pan, width, divisi, tone } = voice;
    const source = voice.kind === "synthesised" ? voice.patch : [voice.font, voice.plucked];
    const voiced = JSON.stringify([bank, program, source, gain, pan, width, divisi, tone]);
    const end = to + Math.ceil(FORESEEN * sampleRate);
    const sounds = notes.flatMap((note) => (note.at < end ? [wordsOf(note, end)] : []));
    const moves = movements.flatMap((each) =>
      each.at < to && each.end > from ? [`${each.kind},${each.at},${each.end},${each.amount}`] : [],
    );
    return [sampleRate, voiced, from, to, ...moves, ...sounds].join(" ");
  }

  /** What sounds the same as it would be rendered. */
  find(key: string): Pcm | undefined {
    const pcm = this.#chunks.get(key);
    if (pcm === undefined) return undefined;
    this.reused += 1;
    this.#chunks.delete(key);
    this.#chunks.set(key, pcm);
    return pcm;
  }

  /** Takes in what was rendered, and gives what it has no room for any more. Nobody may write into it until then. */
  keep(key: string, pcm: Pcm): readonly Pcm[] {
    this.rendered += 1;
    const gone = this.#forget(key);
    this.#chunks.set(key, pcm);
    this.kept += sizeOf(key, pcm);
    for (const oldest of this.#chunks.keys()) {
      if (this.kept <= this.budget) break;
      gone.push(...this.#forget(oldest));
    }
    return gone;
  }

  /** Frees all. */
  clear(): void {
    this.#chunks.clear();
    this.kept = 0;
  }

  #forget(key: string): Pcm[] {
    const pcm = this.#chunks.get(key);
    if (pcm === undefined) return [];
    this.#chunks.delete(key);
    this.kept -= sizeOf(key, pcm);
    return [pcm];
  }
}

/** What is not over by then is as good as endless. */
const wordsOf = ({ at, end, pitch, velocity, plucked }: FrameNote, until: number): string =>
  `${at},${Math.min(end, until)},${pitch},${velocity}${plucked === undefined ? "" : ",plucked"}`;

/** Bytes. */
const sizeOf = (key: string, { left, right }: Pcm): number =>
  left.byteLength + right.byteLength + 2 * key.length;
