import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Rendering, Writing } from "../../../engine/conductor/parts.ts";
import type { Model } from "../../../engine/generator-worker/model.ts";
import { openModel } from "../../../engine/generator-worker/model.ts";
import { writeWindow } from "../../../engine/generator-worker/write-window.ts";
import type { GenerationRequest } from "../../../engine/generator/service.ts";
import { perStem } from "../../../engine/music/stem.ts";
import { createRenderer } from "../../../engine/renderer-worker/renderer.ts";
import { milliseconds } from "../../../engine/time/units.ts";
import { saying } from "./bake-error.ts";
import type { FontFile } from "./fonts.ts";
import { modelFolder, PALETTE } from "../package-files.ts";

/** Who writes and who plays: the same model and synthesiser as in the game's workers, in this thread. */
export interface Staff {
  readonly model: Model;
  readonly writing: Writing;
  readonly rendering: Rendering;
  /** Resolves once nothing that was asked for is open; tells whether anything was. */
  settled(): Promise<boolean>;
  dispose(): Promise<void>;
}

export interface StaffOptions {
  readonly model: "lite" | "full";
  /** Hertz. */
  readonly sampleRate: number;
  /** Path of a soundfont; default: the shipped one. */
  readonly soundfont?: string | undefined;
  /** Those that are opened beside it; one without a name is the first. */
  readonly fonts: readonly Pick<FontFile, "name" | "path" | "palettes">[];
}

/** Answers come back within so many turns of the microtask queue once the work is done. */
const TURNS = 16;

/**
 * Opens the soundfonts, and then the model: what is wrong with a soundfont is known soon. Rejects with `BakeError`
 * for a soundfont that cannot be read or lacks voices, as `node:fs` does for a model that cannot be read, with
 * `ManifestError` or `BackendError` for one that is none.
 */
export async function employStaff(options: StaffOptions): Promise<Staff> {
  const { sampleRate, soundfont = PALETTE, fonts } = options;
  const folder = modelFolder(options.model);
  const read = async (file: string): Promise<ArrayBuffer> =>
    new Uint8Array(await readFile(file)).buffer;
  const renderer = await saying(
    soundfont,
    read(soundfont).then((bytes) => createRenderer({ soundfont: bytes, sampleRate })),
  );
  for (const { name, path, palettes } of fonts) {
    if (name === undefined) continue;
    const opened = read(path).then((bytes) =>
      renderer.addFont({ name, soundfont: bytes, palettes }),
    );
    await saying(path, opened);
  }
  const model = await openModel({
    backend: "wasm",
    now: () => performance.now(),
    read: async (file) =>
      file.kind === "runtime"
        ? undefined
        : read(join(folder, file.kind === "manifest" ? "model.json" : file.name)),
  });
  const desk = createDesk(model);
  return {
    model,
    writing: desk.writing,
    rendering: {
      render: (request) => {
        desk.worked();
        return Promise.resolve().then(() => renderer.render(request));
      },
      release: (take) => renderer.release(take),
      // The tape may read it still.
      recycle: () => undefined,
    },
    settled: () => desk.settled(),
    dispose: () => model.release(),
  };
}

/** One request after another, each with all its passes: no deadline hurries it, so the same notes come twice. */
function createDesk(model: Model) {
  const cancelled = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  let work = 0;
  let known = 0;
  const write = async (request: GenerationRequest) => {
    const isCancelled = cancelled.delete(request.id);
    const written = isCancelled
      ? ({ outcome: "cancelled", notes: perStem(() => []), passes: 0, backend: "wasm" } as const)
      : await writeWindow(model, request);
    const none = milliseconds(0);
    return { id: request.id, ...written, elapsed: none, queued: none };
  };
  const writing: Writing = {
    generate: (request) => {
      work += 1;
      const answer = last.then(() => write(request));
      last = answer.catch(() => undefined);
      return answer;
    },
    cancel: (id) => cancelled.add(id),
    revise: () => undefined,
    rest: () => undefined,
  };
  return {
    writing,
    worked: () => {
      work += 1;
    },
    settled: async (): Promise<boolean> => {
      for (let before = -1; before !== work;) {
        before = work;
        await last;
        for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
      }
      cancelled.clear();
      const wasAsked = work !== known;
      known = work;
      return wasAsked;
    },
  };
}
