import type { Observable } from "@babylonjs/core/Misc/observable";
import type { Soundtrack } from "../../engine/index.ts";

/** Where a signal's value comes from: read once a frame, or told by an observable. */
export type SignalSource = (() => number) | Observable<number>;

interface Probe {
  readonly name: string;
  /** Undefined while there is nothing to hand on. */
  readonly read: () => number | undefined;
  readonly dispose: () => void;
  last: number | undefined;
}

/** Signals of a game, each handed on when it has changed. */
export class Probes {
  readonly #probes: readonly Probe[];
  readonly #music: Pick<Soundtrack, "set">;
  readonly #warn: (what: string, error: unknown) => void;

  /** Throws `RangeError` when a signal is given twice or is named `location`. */
  constructor(
    intensity: SignalSource | undefined,
    signals: Readonly<Record<string, SignalSource>>,
    music: Pick<Soundtrack, "set">,
    warn: (what: string, error: unknown) => void,
  ) {
    if (intensity !== undefined && "intensity" in signals) {
      throw new RangeError("intensity is given twice: as an option and among the signals");
    }
    if ("location" in signals) {
      throw new RangeError("location is no signal: it comes from the zones");
    }
    const sources = Object.entries(signals);
    if (intensity !== undefined) sources.unshift(["intensity", intensity]);
    this.#probes = sources.map(([name, source]) => probe(name, source));
    this.#music = music;
    this.#warn = warn;
  }

  sample(): void {
    for (const each of this.#probes) {
      try {
        const value = each.read();
        if (value === undefined || Object.is(value, each.last)) continue;
        each.last = value;
        this.#music.set(each.name, value);
      } catch (error) {
        this.#warn(`the signal "${each.name}"`, error);
      }
    }
  }

  dispose(): void {
    for (const each of this.#probes) each.dispose();
  }
}

function probe(name: string, source: SignalSource): Probe {
  if (typeof source === "function") {
    return { name, read: source, dispose: () => undefined, last: undefined };
  }
  let latest: number | undefined;
  const observer = source.add((value) => {
    latest = value;
  });
  return { name, read: () => latest, dispose: () => void source.remove(observer), last: undefined };
}
