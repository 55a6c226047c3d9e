import type { ModelInputs } from "../../engine/generator/encode.ts";
import type { Logits } from "../../engine/generator/sampler.ts";

/** What a model's `parity.json` holds. */
export interface Parity {
  readonly inputs: {
    readonly cells: readonly number[];
    readonly chords: readonly number[];
    readonly bars: readonly number[];
  };
  readonly expected: readonly {
    readonly output: string;
    readonly index: number;
    readonly value: number;
  }[];
}

export const parityInputs = ({ inputs }: Parity): ModelInputs => ({
  cells: Int32Array.from(inputs.cells),
  chords: Int32Array.from(inputs.chords),
  bars: Int32Array.from(inputs.bars),
});

/** The largest difference between logits and the pinned ones; infinite when an output is unknown. */
export function worstDifference({ expected }: Parity, logits: Logits): number {
  const outputs: Readonly<Record<string, Float32Array>> = {
    cell_logits: logits.cells,
    chord_logits: logits.chords,
    expression_logits: logits.expression,
  };
  return Math.max(
    ...expected.map(({ output, index, value }) =>
      Math.abs((outputs[output]?.[index] ?? Number.POSITIVE_INFINITY) - value),
    ),
  );
}
