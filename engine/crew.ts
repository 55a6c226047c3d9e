import { createGeneratorClient } from "./generator-worker/client.ts";
import { generatorError } from "./generator-worker/errors.ts";
import type { Backend, LoadOptions, LoadProgress, LoadReport } from "./generator/service.ts";
import type { Rendering, Writing } from "./conductor/parts.ts";
import { createRendererClient } from "./renderer-worker/client.ts";
import type { RendererOptions } from "./renderer-worker/service.ts";
import type { FaultCode } from "./soundtrack-interface.ts";
import { Supervisor } from "./supervisor.ts";
import { milliseconds } from "./time/units.ts";

/** A worker that is kept alive until `dispose`. */
export interface CrewMember {
  dispose(): void;
}

export interface RendererEvents {
  /** The renderer to use from now on, or `undefined` while there is none. */
  rendering(rendering: Rendering | undefined): void;
  /** There will be none: the instruments cannot be had. */
  failed(error: Error): void;
  fault(code: FaultCode, message: string): void;
}

export interface GeneratorEvents {
  /** The generator to use from now on, or `undefined` while there is none. */
  writing(writing: Writing | undefined, backend: Backend | undefined): void;
  progress(progress: LoadProgress): void;
  failed(error: Error): void;
  fault(code: FaultCode, message: string): void;
}

/**
 * A render worker that has owed a chunk for so long is replaced: with the time to load again, less than
 * what is scheduled ahead.
 */
const RENDER_WATCHDOG = milliseconds(2000);

/** Starts the render worker and replaces it whenever it is lost. */
export function employRenderer(load: RendererOptions, events: RendererEvents): CrewMember {
  const client = createRendererClient({
    watchdog: RENDER_WATCHDOG,
    onLost: (error) => supervisor.lost(error),
  });
  const supervisor = new Supervisor({
    load: () => client.load(load),
    restart: () => client.restart(),
    onReady: () => events.rendering(client),
    onLost: ({ name, message }) => {
      events.rendering(undefined);
      events.fault(name === "NetworkError" ? "palette-unavailable" : "renderer-lost", message);
    },
    onFailed: (error) => {
      events.rendering(undefined);
      events.failed(error);
      events.fault("palette-unavailable", error.message);
    },
    isFinal: ({ name }) => name === "PaletteError",
  });
  return disposal(supervisor, client);
}

/** Starts the generator worker and replaces it whenever it is lost. A model that is refused is not tried again. */
export function employGenerator(load: LoadOptions, events: GeneratorEvents): CrewMember {
  const client = createGeneratorClient({
    onLost: (reason) => supervisor.lost(generatorError("GeneratorLostError", reason)),
  });
  let report: LoadReport | undefined;
  const supervisor = new Supervisor({
    load: async () => {
      report = await client.load(load, (progress) => events.progress(progress));
    },
    restart: async () => {
      report = await client.restart();
    },
    onReady: () => events.writing(client, report?.backend),
    onLost: ({ name, message }) => {
      events.writing(undefined, undefined);
      events.fault(name === "NetworkError" ? "model-unavailable" : "generator-lost", message);
    },
    onFailed: (error) => {
      events.writing(undefined, undefined);
      events.failed(error);
      const refused = error.name === "ModelHashError";
      events.fault(refused ? "model-refused" : "model-unavailable", error.message);
    },
    isFinal: ({ name }) => name !== "GeneratorLostError" && name !== "NetworkError",
  });
  return disposal(supervisor, client);
}

const disposal = (supervisor: Supervisor, client: CrewMember): CrewMember => ({
  dispose: () => {
    supervisor.dispose();
    client.dispose();
  },
});
