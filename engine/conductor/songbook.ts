import type { PhraseTake } from "../composer/take.ts";

/** A form of four phrases and the one before it: what later phrases may refer to. */
const REMEMBERED = 8;
/** Tunes to which the music may come back. */
const MOST_TUNES = 24;

/** What one visit of a mood plays: its phrases by index, and what has been asked for. */
export interface Tune {
  readonly name: string;
  /** Notes of each phrase: written, then what was taken. */
  readonly takes: Map<number, PhraseTake>;
  /** Requests by phrase: on their way, or failed so many times. */
  readonly asked: Map<number, "open" | number>;
  /** Sections that play it. */
  players: number;
}

/** Remembers tunes, so that music goes on where it was left, and in another tempo with the same notes. */
export class Songbook {
  readonly #tunes = new Map<string, Tune>();

  /** The tune of that name, a new one where there is none; the one used longest ago is forgotten. */
  open(name: string): Tune {
    const tune = this.#tunes.get(name) ?? { name, takes: new Map(), asked: new Map(), players: 0 };
    this.#tunes.delete(name);
    this.#tunes.set(name, tune);
    for (const [other, { players }] of this.#tunes) {
      if (this.#tunes.size <= MOST_TUNES) break;
      if (players === 0 && other !== name) this.#tunes.delete(other);
    }
    return tune;
  }

  /** A tune that is remembered. */
  find(name: string): Tune | undefined {
    return this.#tunes.get(name);
  }

  clear(): void {
    this.#tunes.clear();
  }

  /** All that is remembered, for saving. */
  get tunes(): readonly Tune[] {
    return [...this.#tunes.values()];
  }
}

export const tuneName = (mood: string, visit: number): string => `${mood}#${visit}`;

/** Forgets what no later phrase can refer to. */
export function forgetBefore(tune: Tune, index: number): void {
  tune.takes.delete(index - REMEMBERED);
  tune.asked.delete(index - REMEMBERED);
}
