/** A network in the form of MusicVAE's trio of four bars: melody, bass and drums from a hierarchical decoder. */
interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "float32";
}

/** Classes of a step: 88 pitches, a rest and a hold for melody and bass, all combinations of nine drums. */
const CLASSES = [90, 90, 512];
const BARS = 4;
const STEPS = 16 * BARS;
/**
 * The widths of the published checkpoint are not known; with these all weights together are as many as its file
 * has bytes (17.6 million of one byte). Half of them are the encoder's, which has nothing to do while it writes,
 * and the decoders have one layer each: whatever the true widths are, they are unlikely to be faster.
 */
const ENCODER = 512;
const CONDUCTOR = 512;
const DECODER = 256;
const LATENT = 256;

const weight = (name: string, ...shape: readonly number[]): Weight => ({
  name,
  shape,
  dtype: "float32",
});
const dense = (name: string, input: number, size: number): readonly Weight[] => [
  weight(`${name}/kernel`, input, size),
  weight(`${name}/bias`, size),
];
const lstm = (name: string, input: number, size: number): readonly Weight[] =>
  dense(`${name}/lstm_cell`, input + size, 4 * size);

const encoderOf = (level: number, input: number): readonly Weight[] =>
  ["fw", "bw"].flatMap((way) => {
    const name = `encoder/hierarchical_level_${level}/cell_0/bidirectional_rnn/${way}/multi_rnn_cell/cell_0`;
    return lstm(name, input, ENCODER);
  });

function decoderOf(index: number, classes: number): readonly Weight[] {
  const name = `core_decoder/core_decoder_${index}/decoder`;
  return [
    ...dense(`${name}/z_to_initial_state`, CONDUCTOR, 2 * DECODER),
    ...lstm(`${name}/multi_rnn_cell/cell_0`, classes + CONDUCTOR, DECODER),
    ...dense(`${name}/output_projection`, DECODER, classes),
  ];
}

const WEIGHTS: readonly Weight[] = [
  ...encoderOf(
    0,
    CLASSES.reduce((sum, classes) => sum + classes, 0),
  ),
  ...encoderOf(1, 2 * ENCODER),
  ...dense("encoder/mu", 2 * ENCODER, LATENT),
  ...dense("decoder/hierarchical_level_0/initial_state", LATENT, 2 * CONDUCTOR),
  ...lstm("decoder/hierarchical_level_0/cell_0", 1, CONDUCTOR),
  ...CLASSES.flatMap((classes, index) => decoderOf(index, classes)),
];

const pitches = (): object => ({ minPitch: 21, maxPitch: 108 });

/** As in the `config.json` of a checkpoint. */
export const TRIO = {
  type: "MusicVAE",
  dataConverter: {
    type: "TrioConverter",
    args: {
      numSteps: STEPS,
      numSegments: BARS,
      melArgs: pitches(),
      bassArgs: pitches(),
      drumsArgs: {},
    },
  },
};

/** Bars × stems of one sample. */
export const TRIO_CELLS: number = BARS * CLASSES.length;

/** Answers what MusicVAE fetches of a checkpoint; its weights are random. */
export async function randomCheckpoint(url: string): Promise<Response> {
  if (url.endsWith(".json")) return Response.json([{ paths: ["weights"], weights: WEIGHTS }]);
  const count = WEIGHTS.reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  );
  return new Response(Float32Array.from({ length: count }, () => (Math.random() - 0.5) / 10));
}
