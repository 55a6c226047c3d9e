import { createGeneratorClient } from "./generator-worker/client.ts";
import { generatorError } from "./generator-worker/errors.ts";
import type { Conductor } from "./conductor/conductor.ts";
import type { Backend, LoadOptions, LoadProgress, LoadReport } from "./generator/service.ts";
import type { Rendering, Writing } from "./conductor/parts.ts";
import { createRendererClient } from "./renderer-worker/client.ts";
import type { RendererOptions } from "./renderer-worker/service.ts";
import type { GeneratorRecord } from "./snapshot.ts";
import type { FaultCode, SoundtrackAssets } from "./soundtrack-interface.ts";
import { Supervisor } from "./supervisor.ts";
import { milliseconds } from "./time/units.ts";

/** A worker that is kept alive until `dispose`. */
export interface CrewMember {
  dispose(): void;
}

interface RendererEvents {
  /** The renderer to use from now on, or `undefined` while there is none. */
  rendering(rendering: Rendering | undefined): void;
  /** There will be none: the instruments cannot be had. */
  failed(error: Error): void;
  fault(code: FaultCode, message: string): void;
}

interface GeneratorEvents {
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
function employRenderer(load: RendererOptions, events: RendererEvents): CrewMember {
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
function employGenerator(load: LoadOptions, events: GeneratorEvents): CrewMember {
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

export interface CrewOptions {
  readonly assets: SoundtrackAssets;
  readonly sampleRate: number;
  readonly backend: Backend | "auto" | "off";
  /** Works with whoever is there. */
  readonly conductor: Pick<Conductor, "rendering" | "writing">;
  /** Kept up to date. */
  readonly record: GeneratorRecord;
  readonly rendererFailed: (error: Error) => void;
  readonly progress: (progress: LoadProgress) => void;
  readonly fault: (code: FaultCode, message: string) => void;
}

/** Renderer and generator for a conductor. */
export function employCrew(options: CrewOptions): readonly CrewMember[] {
  const { assets, sampleRate, backend, conductor, record, fault } = options;
  const { soundfontUrl, modelManifestUrl, modelFileUrls } = assets;
  const renderer = employRenderer(
    { soundfontUrl, sampleRate },
    {
      rendering: (rendering) => {
        conductor.rendering = rendering;
      },
      failed: options.rendererFailed,
      fault,
    },
  );
  if (backend === "off") return [renderer];
  record.state = "loading";
  const generator = employGenerator(
    { manifestUrl: modelManifestUrl, fileUrls: modelFileUrls, backend },
    {
      writing: (writing, used) => {
        record.state = writing === undefined ? "loading" : "ready";
        record.backend = used;
        conductor.writing = writing;
      },
      progress: options.progress,
      failed: () => {
        record.state = "failed";
      },
      fault,
    },
  );
  return [renderer, generator];
}

const disposal = (supervisor: Supervisor, client: CrewMember): CrewMember => ({
  dispose: () => {
    supervisor.dispose();
    client.dispose();
  },
});
