import type { Writing } from "../../engine/conductor/parts.ts";
import type { GenerationRequest } from "../../engine/generator/service.ts";
import type { Note } from "../../engine/music/note.ts";
import { perStem } from "../../engine/music/stem.ts";
import { milliseconds } from "../../engine/time/units.ts";

export interface HeldWriting {
  readonly writing: Writing;
  /** What is asked for and not answered, oldest first. */
  readonly open: readonly GenerationRequest[];
  readonly cancelled: readonly string[];
  /** Answers the oldest with the same notes in every stem. */
  answer(notes: readonly Note[]): Promise<void>;
  /** Fails at the oldest, with `FAILURE`; returns how many are open then. */
  fail(): Promise<number>;
}

export const FAILURE = "a failure that a test asked for";

/** A generator that answers when it is told. */
export function heldWriting(): HeldWriting {
  const waiting: {
    readonly request: GenerationRequest;
    readonly resolve: (notes: readonly Note[] | undefined) => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  const cancelled: string[] = [];
  const writing: Writing = {
    generate: async (request) => {
      const notes = await new Promise<readonly Note[] | undefined>((resolve, reject) => {
        waiting.push({ request, resolve, reject });
      });
      return {
        id: request.id,
        outcome: notes === undefined ? "cancelled" : "written",
        notes: perStem(() => notes ?? []),
        backend: "wasm",
        passes: request.passes,
        elapsed: milliseconds(1),
        queued: milliseconds(0),
      };
    },
    cancel: (id) => {
      cancelled.push(id);
      const index = waiting.findIndex(({ request }) => request.id === id);
      if (index !== -1) waiting.splice(index, 1)[0]?.resolve(undefined);
    },
    revise: () => undefined,
    rest: () => undefined,
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  };
  return {
    writing,
    get open() {
      return waiting.map(({ request }) => request);
    },
    cancelled,
    answer: async (notes) => {
      waiting.shift()?.resolve(notes);
      await settle();
    },
    fail: async () => {
      waiting.shift()?.reject(new Error(FAILURE));
      await settle();
      return waiting.length;
    },
  };
}
