import type { BarPlan } from "../music/bar-plan.ts";
import type { Note } from "../music/note.ts";
import type { PerStem, Stem } from "../music/stem.ts";
import type { Milliseconds, UnitInterval } from "../time/units.ts";

/**
 * The boundary between the game's thread and the generator worker. Everything that crosses it is
 * plain data. Errors keep `name` and `message` but not their class: compare by name.
 */
export interface GeneratorService {
  /**
   * Reads and opens the model; called once. Rejects with `ManifestError`, with `BackendError`, or as `read`
   * does; `generate` rejects until it has resolved.
   */
  load(options: LoadOptions, read: ReadModelFile): Promise<LoadReport>;
  /**
   * Writes the masked bars. Requests run one at a time, highest priority first, then earliest
   * deadline; one that goes first need not wait for more than the pass that runs. There are as many
   * passes, `passes` at most, as meet the deadline at the speed of this device. At the deadline the most
   * likely choice is committed for every cell still open. Rejects with `GenerationError` on output that is
   * no number or lies outside the vocabulary.
   */
  generate(request: GenerationRequest): Promise<GenerationAnswer>;
  /** Stops a request before its next pass; its `generate` resolves with outcome `cancelled`. Unknown ids are ignored. */
  cancel(id: string): void;
  /** Gives a request that is open another deadline and priority. Unknown ids are ignored. */
  revise(id: string, terms: Pick<GenerationRequest, "deadline" | "priority">): void;
  /**
   * Leaves the processor to others between passes, for this share of the time of a pass: 0 (at first) is not
   * at all. At most a quarter of a second, and never so long that a deadline would be missed.
   */
  rest(share: number): void;
}

export type Backend = "webgpu" | "wasm";

export interface LoadOptions {
  /** `auto` takes WebGPU where it exists and a short speed test finds it faster. */
  readonly backend: Backend | "auto";
  /** What an earlier `auto` found. Where it is of this device and this model only its back end is opened. */
  readonly known?: SpeedTest | undefined;
  /** For WebAssembly. Default 1, and always 1 where the page is not cross-origin isolated. */
  readonly threads?: number;
}

/** Which back end was the fastest. */
export interface SpeedTest {
  /** Model, browser and device that were tested. */
  readonly of: string;
  readonly backend: Backend;
}

/** What the model needs: its description, the graph of a back end, onnxruntime's WebAssembly for one. */
export type ModelFile =
  | { readonly kind: "manifest" }
  | {
      readonly kind: "model";
      readonly backend: Backend;
      /** Beside the manifest. */
      readonly name: string;
      /** Lower-case hexadecimal. */
      readonly sha256: string;
      readonly bytes: number;
      /** Of all graphs that will be asked for. */
      readonly totalBytes: number;
    }
  | {
      readonly kind: "runtime";
      readonly backend: Backend;
      /** All whose runtimes will be asked for. */
      readonly backends: readonly Backend[];
    };

/**
 * Gives the bytes of a file, checked by their hash where it has one: they may be transferred. For a runtime
 * `undefined` stands for the one that onnxruntime finds by itself, as in Node.
 */
export type ReadModelFile = (file: ModelFile) => Promise<ArrayBuffer | undefined>;

export interface LoadReport {
  readonly backend: Backend;
  readonly model: { readonly name: string; readonly version: string; readonly sha256: string };
  /** Median time of one pass in the start-up speed test, for each backend that was tried. */
  readonly passTime: Partial<Record<Backend, Milliseconds>>;
  /** That compute in WebAssembly. */
  readonly threads: number;
  /** What `auto` found now, among several back ends. */
  readonly found: SpeedTest | undefined;
  /** Why a backend was not used, when it was tried and failed. */
  readonly rejected: Partial<Record<Backend, string>>;
}

/** What happens to one stem in one bar: kept as given, written anew, or not in this ensemble. */
export type StemMask =
  | "keep"
  | "write"
  | "absent"
  /** Given, but this share of its cells (0–1) is masked and written anew. */
  | { readonly rewrite: UnitInterval };

export interface GenerationRequest {
  readonly id: string;
  /** 1–16 consecutive bars in one meter and key, context and target alike. */
  readonly bars: readonly BarPlan[];
  /** The notes that exist already, in ticks from the start of the window. */
  readonly given: PerStem<readonly Note[]>;
  /** One entry for each bar. */
  readonly mask: readonly PerStem<StemMask>[];
  readonly seed: number;
  /** When the answer must be there: milliseconds since the epoch. */
  readonly deadline: Milliseconds;
  /** The higher goes first, whatever its deadline. */
  readonly priority: number;
  /** Refinement passes at most, 1–32; 4 is full quality. */
  readonly passes: number;
}

export interface GenerationAnswer {
  readonly id: string;
  readonly outcome: "written" | "committed-early" | "cancelled";
  /** Notes of the bars that were written, in ticks from the start of the window; empty if cancelled. */
  readonly notes: Readonly<Record<Stem, readonly Note[]>>;
  readonly backend: Backend;
  /** Passes that ran. */
  readonly passes: number;
  /** Time of work. */
  readonly elapsed: Milliseconds;
  /** Time of waiting: in the queue, for what goes first, and at rest. */
  readonly queued: Milliseconds;
}
