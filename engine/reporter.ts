import type { Emitter } from "./emitter.ts";
import type { LoadProblem } from "./loader-worker/service.ts";
import type { FaultCode, SoundtrackEvents, WarningCode } from "./soundtrack-interface.ts";

/** Names that are warned of, at most: a game that makes up names must not fill the memory. */
const MOST_WARNINGS = 200;

/** What was given, in words that can always be made: `String` throws for some objects. */
export const textOf = (value: unknown): string =>
  typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : typeof value;

/** Counts everything, warns once of each mistake, and tells every fault. */
export class Reporter {
  readonly counters: Record<string, number> = {};
  readonly #warned = new Set<string>();
  readonly #emitter: Pick<Emitter<SoundtrackEvents>, "emit">;

  constructor(emitter: Pick<Emitter<SoundtrackEvents>, "emit">) {
    this.#emitter = emitter;
  }

  count(name: string): void {
    this.counters[name] = (this.counters[name] ?? 0) + 1;
  }

  /** The game gave something wrong: told once for each code and name. */
  warn(code: WarningCode, name: string, message: string): void {
    this.count(`warning-${code}`);
    const key = `${code} ${name}`;
    if (this.#warned.has(key) || this.#warned.size >= MOST_WARNINGS) return;
    this.#warned.add(key);
    this.#emitter.emit("warning", { code, message });
  }

  /** Something failed and its fallback has taken over. Told when what has noticed it is done. */
  fault(code: FaultCode, message: string, reason?: LoadProblem): void {
    this.count(`fault-${code}`);
    const fault = { code, message, ...(reason === undefined ? {} : { reason }) };
    queueMicrotask(() => this.#emitter.emit("fault", fault));
  }

  /** A listener that throws must not make the report of it throw again. */
  listenerThrew(kind: keyof SoundtrackEvents, error: unknown): void {
    if (kind === "fault") this.count("fault-listener-threw");
    else this.fault("listener-threw", `a listener of "${kind}" threw: ${wordsOf(error)}`);
  }
}

/** An error's own words; whatever else was thrown by its kind. */
const wordsOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : textOf(error);
