import type { GenerationAnswer, GenerationRequest } from "../generator/service.ts";
import type { RenderRequest, RenderedChunk } from "../renderer-worker/service.ts";
import type { Decibels, Seconds } from "../time/units.ts";

/** What the conductor needs of the generator; `undefined` in its place means that there is none yet. */
export interface Writing {
  generate(request: GenerationRequest): Promise<GenerationAnswer>;
  cancel(id: string): void;
  revise(id: string, terms: Pick<GenerationRequest, "deadline" | "priority">): void;
  rest(share: number): void;
}

/** What the conductor needs of the renderer. */
export interface Rendering {
  render(request: RenderRequest): Promise<RenderedChunk>;
  release(take: string): void;
  /** Memory of chunks that nobody reads any more, for those to come. It may be taken away at once. */
  recycle(memory: readonly ArrayBuffer[]): void;
}

/** What the conductor needs of the player. Times are seconds on the audio clock. */
export interface Playing {
  readonly sampleRate: number;
  /** `room`: its share of what the room gets, 0–1; `pan`: from -1, left, to 1, right. */
  open(
    voice: string,
    options: { at: Seconds; fade: Seconds; level: number; room: number; pan?: number },
  ): void;
  play(
    voice: string,
    chunk: Pick<RenderedChunk, "left" | "right">,
    at: Seconds,
  ): "scheduled" | "late" | "missed" | "closed";
  close(voice: string, options: { at: Seconds; fade: Seconds }): void;
  /** Takes a `close` back; false where the voice is silent by then. */
  reopen(voice: string, options: { at: Seconds; fade: Seconds }): boolean;
  setLevel(voice: string, gain: number, options: { at: Seconds; ramp: Seconds }): void;
  /** Has a voice go down to a linear gain at each of these times, and come back. */
  dip(voice: string, dips: readonly { readonly at: Seconds; readonly to: number }[]): void;
  /** From `at` on its dips are so deep: 1 as they say, 0 not at all. */
  setDipDepth(voice: string, share: number, at: Seconds): void;
  setColour(options: {
    room: number;
    brightness: number;
    level: Decibels;
    at: Seconds;
    ramp: Seconds;
  }): void;
  /** Lowers all voices but those of stingers. */
  duck(
    name: string,
    options: { by: Decibels; at: Seconds; attack: Seconds; until: Seconds; release: Seconds },
  ): void;
  /** Has the duck of that name come back early. */
  endDuck(name: string, at: Seconds): void;
}
