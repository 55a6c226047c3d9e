import { BackendChoice, threadsFor } from "./backend-choice.ts";
import { createGeneratorClient } from "./generator-worker/client.ts";
import { generatorError } from "./generator-worker/errors.ts";
import type { Conductor } from "./conductor/conductor.ts";
import { openFiles, type FileEvents, type Files } from "./files.ts";
import type { Backend, LoadReport } from "./generator/service.ts";
import type { Limits } from "./governor/tier.ts";
import type { FileReader } from "./file-reader.ts";
import { openFontFiles } from "./font-files.ts";
import { FontKeeper } from "./font-keeper.ts";
import { fileOfFont } from "./own-palettes.ts";
import type { PaletteBook } from "./palette-book.ts";
import { openLoader } from "./loader-worker/client.ts";
import type { FilePlaces } from "./assets.ts";
import type { Rendering, Writing } from "./conductor/parts.ts";
import { createRendererClient } from "./renderer-worker/client.ts";
import type { GeneratorRecord } from "./snapshot.ts";
import type { FaultCode } from "./soundtrack-interface.ts";
import { openSpeedMemory } from "./speed-memory.ts";
import { Supervisor, type Prospect } from "./supervisor.ts";
import { milliseconds } from "./time/units.ts";

/** A worker that is kept alive until `dispose`. */
interface CrewMember {
  /** Starts anew where the network was to blame that there is none; otherwise does nothing. Tells whether it does. */
  tryAgain(): boolean;
  dispose(): void;
}

/** The soundfonts beside the first. */
interface Fonts {
  readonly book: PaletteBook;
  readonly read: (font: string) => Promise<ArrayBuffer>;
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
  failed(error: Error): void;
  fault(code: FaultCode, message: string): void;
}

/**
 * A render worker that has owed a chunk for so long, and has not gone on with it, is replaced: with the time
 * to load again, less than what is scheduled ahead.
 */
const RENDER_WATCHDOG = milliseconds(2000);

const GPU_LOST = "WebGPU hangs or has crashed; the model goes on in WebAssembly";

/** The name of the loader's error when it has tried for long enough. */
const NETWORK = "NetworkError";

/** By the name of an error. What is not named may pass: a server gets the file, a game gives memory back. */
const PROSPECTS: Readonly<Record<string, Prospect>> = {
  GeneratorLostError: "soon",
  RendererLostError: "soon",
  LoaderLostError: "soon",
  FileDamagedError: "never",
  ManifestError: "never",
  PaletteError: "never",
};
const prospectOf = ({ name }: Error): Prospect => PROSPECTS[name] ?? "later";

/** Starts the render worker and replaces it whenever it is lost. */
function employRenderer(
  { palette }: Files,
  { book, read }: Fonts,
  sampleRate: number,
  events: RendererEvents,
): CrewMember {
  const client = createRendererClient({
    watchdog: RENDER_WATCHDOG,
    onLost: (error) => supervisor.lost(error),
    onAnswer: () => supervisor.answered(),
  });
  const fonts = new FontKeeper({
    book,
    read,
    client,
    unavailable: (message) => events.fault("soundfont-unavailable", message),
  });
  const supervisor = new Supervisor({
    load: () => client.load({ read: palette, sampleRate }),
    restart: () => client.restart(),
    onReady: () => {
      events.rendering(client);
      fonts.bring();
    },
    onLost: ({ message }) => {
      fonts.lost();
      events.rendering(undefined);
      events.fault("renderer-lost", message);
    },
    onFailed: (error) => {
      events.rendering(undefined);
      events.failed(error);
      events.fault("palette-unavailable", error.message);
    },
    prospectOf,
  });
  const member = memberOf(supervisor, client);
  return {
    tryAgain: () => {
      fonts.tryAgain(NETWORK);
      return member.tryAgain();
    },
    dispose: () => {
      fonts.lost();
      member.dispose();
    },
  };
}

/**
 * Starts the generator worker and replaces it whenever it is lost, by one in WebAssembly on one thread: a WebGPU
 * that hangs would hang again. A model that is refused is not tried again.
 */
function employGenerator(
  { model }: Files,
  choice: BackendChoice,
  events: GeneratorEvents,
): CrewMember {
  const client = createGeneratorClient({
    onLost: (reason) => supervisor.lost(generatorError("GeneratorLostError", reason)),
    onAnswer: () => supervisor.answered(),
  });
  let report: LoadReport | undefined;
  const restart = async (): Promise<void> => {
    report = await client.restart(choice.options);
  };
  const supervisor = new Supervisor({
    load: async () => {
      try {
        report = await client.load(choice.options, model);
      } catch (error) {
        if (!choice.refused(error)) throw error;
        await restart();
      }
    },
    restart,
    onReady: () => {
      if (report !== undefined) choice.opened(report);
      events.writing(client, report?.backend);
    },
    onLost: ({ name, message }) => {
      events.writing(undefined, undefined);
      events.fault("generator-lost", message);
      if (name === "GeneratorLostError") choice.lost(report?.backend);
      if (report?.backend === "webgpu") events.fault("backend-lost", GPU_LOST);
      report = undefined;
    },
    onFailed: (error) => {
      events.writing(undefined, undefined);
      events.failed(error);
      const refused = error.name === "FileDamagedError";
      events.fault(refused ? "model-refused" : "model-unavailable", error.message);
    },
    prospectOf,
  });
  return memberOf(supervisor, client);
}

export interface CrewOptions {
  readonly places: FilePlaces;
  readonly sampleRate: number;
  readonly palettes: PaletteBook;
  /** Reads the soundfonts that the score names. */
  readonly readFile: FileReader | undefined;
  readonly backend: Backend | "auto" | "off";
  /** Works with whoever is there. */
  readonly conductor: Pick<Conductor, "rendering" | "writing">;
  /** Kept up to date. */
  readonly record: GeneratorRecord;
  /** There will be no instruments; `undefined`: they are tried for again. */
  readonly rendererFailed: (error: Error | undefined) => void;
  readonly files: FileEvents;
  readonly fault: (code: FaultCode, message: string) => void;
}

/** Renderer and generator, and what fetches their files. */
export interface Crew {
  /** Employs whom a tier needs that is not there yet; before the first time nobody is. */
  employFor(limits: Limits): void;
  /** Starts those anew who failed of the network. */
  tryAgain(): void;
  dispose(): void;
}

/** A crew for a conductor. It tries again by itself when the browser finds a network. */
export function employCrew(options: CrewOptions): Crew {
  const { backend, record } = options;
  const loader = openLoader();
  const files = openFiles(options.places, loader, options.files);
  let renderer: CrewMember | undefined;
  let generator: CrewMember | undefined;
  const tryAgain = (): void => {
    if (renderer?.tryAgain() === true) options.rendererFailed(undefined);
    if (generator?.tryAgain() === true) record.state = "loading";
  };
  addEventListener("online", tryAgain);
  return {
    employFor({ authoredOnly, writes }) {
      if (!authoredOnly) renderer ??= employPerformer(files, options);
      if (writes && backend !== "off") generator ??= employWriter(files, backend, options);
    },
    tryAgain,
    dispose() {
      removeEventListener("online", tryAgain);
      renderer?.dispose();
      generator?.dispose();
      loader.dispose();
    },
  };
}

const employPerformer = (
  files: Files,
  { sampleRate, palettes, readFile, conductor, rendererFailed, fault }: CrewOptions,
): CrewMember => {
  const ownFont = openFontFiles(readFile);
  const read = (font: string): Promise<ArrayBuffer> => {
    const path = fileOfFont(font);
    return path === undefined ? files.orchestra() : ownFont(path);
  };
  return employRenderer(files, { book: palettes, read }, sampleRate, {
    rendering: (rendering) => {
      conductor.rendering = rendering;
      if (rendering !== undefined) rendererFailed(undefined);
    },
    failed: rendererFailed,
    fault,
  });
};

function employWriter(
  files: Files,
  backend: Backend | "auto",
  { conductor, record, places, files: fileEvents, fault }: CrewOptions,
): CrewMember {
  record.state = "loading";
  const memory = openSpeedMemory({
    engine: places.engine,
    name: `${places.cache} speed test of ${places.modelName}`,
    storage: () => localStorage,
    now: () => Date.now(),
    refused: (message) => fileEvents.notKept(message),
  });
  const threads = threadsFor(navigator.hardwareConcurrency, crossOriginIsolated);
  return employGenerator(files, new BackendChoice(backend, threads, memory), {
    writing: (writing, used) => {
      record.state = writing === undefined ? "loading" : "ready";
      record.backend = used;
      conductor.writing = writing;
    },
    failed: () => {
      record.state = "failed";
    },
    fault,
  });
}

const memberOf = (supervisor: Supervisor, client: Pick<CrewMember, "dispose">): CrewMember => ({
  tryAgain: () => supervisor.tryAgain(NETWORK),
  dispose: () => {
    supervisor.dispose();
    client.dispose();
  },
});
