import type { SpeedTest } from "./generator/service.ts";

/** Milliseconds for which a speed test holds: thirty days. Drivers and browsers change. */
const HOLDS = 30 * 24 * 3_600_000;

/** What this browser keeps of a model's speed test from one visit to the next. Nothing here throws. */
export interface SpeedMemory {
  /** The last one, as long as it holds. */
  recall(): SpeedTest | undefined;
  keep(test: SpeedTest): void;
  /** The back end that it names has failed. */
  forget(): void;
}

export interface SpeedMemoryOptions {
  /** The name under which it is kept: one for each model of a game. */
  readonly name: string;
  /** Its version: another may be faster elsewhere. */
  readonly engine: string;
  /** Browsers may refuse even to hand it out. */
  readonly storage: () => Pick<Storage, "getItem" | "setItem" | "removeItem">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told that the browser keeps nothing. */
  readonly refused: (message: string) => void;
}

export function openSpeedMemory(options: SpeedMemoryOptions): SpeedMemory {
  const { name, engine, storage, now, refused } = options;
  return {
    recall() {
      try {
        return readTest(storage().getItem(name), engine, now());
      } catch {
        // Whether it matters shows when something is to be kept.
        return undefined;
      }
    },
    keep({ of, backend }) {
      try {
        storage().setItem(name, JSON.stringify({ engine, of, backend, at: now() }));
      } catch (error) {
        refused(
          `the browser does not keep the speed test, which is made at every visit: ${String(error)}`,
        );
      }
    },
    forget() {
      try {
        storage().removeItem(name);
      } catch {
        // What cannot be reached was not kept.
        return;
      }
    },
  };
}

/** Undefined for what is no speed test, of another engine or time, or from the future of a clock that was put back. */
function readTest(text: string | null, engine: string, now: number): SpeedTest | undefined {
  const kept: unknown = JSON.parse(text ?? "null");
  if (typeof kept !== "object" || kept === null) return undefined;
  const test: Readonly<Record<string, unknown>> = { ...kept };
  const { of, backend, at } = test;
  const isSame = test["engine"] === engine;
  const isFresh = isSame && typeof at === "number" && at <= now && now - at < HOLDS;
  const isKnown = backend === "wasm" || backend === "webgpu";
  return isFresh && isKnown && typeof of === "string" ? { of, backend } : undefined;
}
