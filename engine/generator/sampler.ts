import type { Stem } from "../music/stem.ts";
import { STEMS } from "../music/stem.ts";
import { decideChords } from "./decide-chords.ts";
import { decideDrums } from "./decide-drums.ts";
import { decidePitched } from "./decide-pitched.ts";
import type { DensityCuts } from "./density.ts";
import type { EncodedWindow, ModelInputs } from "./encode.ts";
import { cellAt } from "./geometry.ts";
import { maskLeastCertain } from "./revise.ts";
import type { Decided, PassPlan } from "./schedule.ts";
import { planPasses } from "./schedule.ts";
import type { Choice, Logits, SamplerState } from "./state.ts";
import { createState } from "./state.ts";
import * as T from "./tokens.ts";
import type { Voicings } from "./voicings.ts";

export type { Logits } from "./state.ts";

/** Runs the network once. The arrays it is given change after it has answered. */
export type RunPass = (inputs: ModelInputs) => Promise<Logits>;

export interface SampleTask {
  /** Its cells and chords are filled in. */
  readonly window: EncodedWindow;
  readonly voicings: Voicings;
  readonly seed: number;
  /** Refinement passes, at least 1. */
  readonly passes: number;
  readonly cuts: DensityCuts;
  readonly runPass: RunPass;
  /**
   * Asked before every pass: `commit` takes the most likely choice for every open cell (but never
   * before the first pass, when nothing is known), `cancel` stops.
   */
  readonly next: (passesDone: number) => Promise<"continue" | "commit" | "cancel">;
}

export interface SampleResult {
  readonly outcome: "written" | "committed-early" | "cancelled";
  /** Passes that ran. */
  readonly passes: number;
  /** Expression logits of the last pass; `undefined` when none ran. */
  readonly expression: Float32Array | undefined;
}

/**
 * Fills a window by masked refinement in a fixed number of passes. Same window, seed and logits, same
 * music. Rejects with what `runPass` or `next` reject with.
 */
export async function sampleWindow(task: SampleTask): Promise<SampleResult> {
  const { window, runPass } = task;
  const lanes = lanesToDecide(window);
  if (lanes.length === 0) return { outcome: "written", passes: 0, expression: undefined };
  const state = createState(window, task.voicings.shapes, task.seed, task.cuts);
  const plans = planPasses(task.passes, lanes);
  let logits: Logits | undefined;
  for (const [pass, plan] of plans.entries()) {
    const wish = await task.next(pass);
    if (wish === "cancel") return { outcome: "cancelled", passes: pass, expression: undefined };
    if (wish === "commit" && logits !== undefined) {
      const all = planPasses(1, lanes)[0] ?? plan;
      decideAll(state, logits, all, { kind: "likeliest" });
      return { outcome: "committed-early", passes: pass, expression: logits.expression };
    }
    if (plan.revision) for (const stem of stemsAmong(lanes)) maskLeastCertain(state, stem);
    logits = await runPass(window);
    decideAll(state, logits, plan, { kind: "draw", pass });
  }
  return { outcome: "written", passes: plans.length, expression: logits?.expression };
}

const stemsAmong = (lanes: readonly Decided[]): readonly Stem[] =>
  STEMS.filter((stem) => lanes.includes(stem));

/** The lanes that have an open cell. */
function lanesToDecide({ geometry, open, openHalves }: EncodedWindow): readonly Decided[] {
  const hasOpenCell = (stem: Stem): boolean => {
    const lane = T.STEM_LANES[stem][0] ?? T.MELODY;
    for (let slot = 0; slot < geometry.length; slot += 1) {
      if (open[cellAt(geometry, slot, lane)] === 1) return true;
    }
    return false;
  };
  const stems = STEMS.filter(hasOpenCell);
  return openHalves.includes(1) ? ["chords", ...stems] : stems;
}

/** In the order in which they lean on each other. */
function decideAll(state: SamplerState, logits: Logits, plan: PassPlan, choice: Choice): void {
  const { shares } = plan;
  decideChords(state, logits, shares.chords ?? 0, choice);
  for (const stem of ["harmony", "bass", "melody", "counter"] as const) {
    decidePitched(state, logits, stem, shares[stem] ?? 0, choice);
  }
  decideDrums(state, logits, shares.drums ?? 0, choice);
}
