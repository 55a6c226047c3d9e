/**
 * Records what a node of a live context puts out, sample by sample, through an AudioWorklet.
 *
 * ```ts
 * const recorder = await startRecorder(player.output);
 * // … let it play …
 * const recording = await recorder.stop();
 * const from = recording.indexOf(at + player.latency);
 * expect(recording.left[from]).toBe(0.5);
 * ```
 *
 * The rendering thread keeps every frame even while the page is busy; they wait as messages and cost
 * 353 kB a second, so that 90 s take 32 MB. A suspended context adds no frames.
 */
export interface Recorder {
  /** Ends the recording and lets the node go. Call it while the context still exists. */
  stop(): Promise<Recording>;
}

export interface Recording {
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
  readonly sampleRate: number;
  /** The context's frame of the first sample: `left[i]` sounds at `(startFrame + i) / sampleRate`. */
  readonly startFrame: number;
  /** Stretches that the browser rendered without asking the recorder; they are zero in the arrays. */
  readonly gaps: readonly { readonly index: number; readonly length: number }[];
  /** Where a context time lies in the arrays; negative before the start. */
  readonly indexOf: (time: number) => number;
}

/** One batch from the worklet: its first frame and the samples of both channels. */
interface Batch {
  readonly frame: number;
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
  readonly isLast: boolean;
}

/**
 * Runs in the worklet's scope. A missing input is silence, a mono one is on both sides. Chromium
 * leaves out blocks just after a node is connected, so recording begins once 16 came in a row.
 */
const PROCESSOR = `
const SIZE = 4096;
const STEADY = 16;
registerProcessor("attacca-recorder", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.steady = 0;
    this.begin();
    this.port.onmessage = () => { this.ended = true; this.flush(); };
  }
  begin() {
    this.left = new Float32Array(SIZE);
    this.right = new Float32Array(SIZE);
    this.filled = 0;
  }
  flush() {
    const left = this.left.slice(0, this.filled);
    const right = this.right.slice(0, this.filled);
    const batch = { frame: this.frame ?? 0, left, right, isLast: this.ended === true };
    this.port.postMessage(batch, [left.buffer, right.buffer]);
    this.begin();
  }
  process([input]) {
    if (this.ended) return false;
    if (this.steady < STEADY) {
      this.steady = currentFrame === this.expected ? this.steady + 1 : 0;
      this.expected = currentFrame + 128;
      if (this.steady === STEADY) this.port.postMessage("ready");
      return true;
    }
    if (this.filled > 0 && currentFrame !== this.frame + this.filled) this.flush();
    if (this.filled === 0) this.frame = currentFrame;
    if (input.length > 0) {
      this.left.set(input[0], this.filled);
      this.right.set(input[1] ?? input[0], this.filled);
    }
    this.filled += 128;
    if (this.filled === SIZE) this.flush();
    return true;
  }
});`;

const hasProcessor = new WeakSet<BaseAudioContext>();

async function addProcessor(context: BaseAudioContext): Promise<void> {
  if (hasProcessor.has(context)) return;
  const url = URL.createObjectURL(new Blob([PROCESSOR], { type: "text/javascript" }));
  await context.audioWorklet.addModule(url);
  URL.revokeObjectURL(url);
  hasProcessor.add(context);
}

/** Resolves when it records; the context must be running. The node's own connections stay. */
export async function startRecorder(source: AudioNode): Promise<Recorder> {
  const { context } = source;
  await addProcessor(context);
  const tap = new AudioWorkletNode(context, "attacca-recorder");
  const batches: Batch[] = [];
  let hear: (message: Batch | "ready") => void;
  tap.port.addEventListener("message", ({ data }: MessageEvent<Batch | "ready">) => hear(data));
  const ready = new Promise<void>((resolve) => {
    hear = () => resolve();
  });
  tap.port.start();
  // A node is only rendered on a path to the destination; this one adds silence.
  tap.connect(context.destination);
  source.connect(tap);
  await ready;
  const ended = new Promise<void>((resolve) => {
    hear = (message) => {
      if (message === "ready") return;
      batches.push(message);
      if (message.isLast) resolve();
    };
  });
  return {
    async stop() {
      tap.port.postMessage("stop", []);
      await ended;
      source.disconnect(tap);
      tap.disconnect();
      return join(batches, context.sampleRate);
    },
  };
}

function join(batches: readonly Batch[], sampleRate: number): Recording {
  const filled = batches.filter((batch) => batch.left.length > 0);
  const startFrame = filled[0]?.frame ?? 0;
  const last = filled.at(-1);
  const length = last === undefined ? 0 : last.frame + last.left.length - startFrame;
  const left = new Float32Array(length);
  const right = new Float32Array(length);
  const gaps: Recording["gaps"][number][] = [];
  let end = 0;
  for (const batch of filled) {
    const index = batch.frame - startFrame;
    if (index > end) gaps.push({ index: end, length: index - end });
    left.set(batch.left, index);
    right.set(batch.right, index);
    end = index + batch.left.length;
  }
  const indexOf = (time: number): number => Math.round(time * sampleRate) - startFrame;
  return { left, right, sampleRate, startFrame, gaps, indexOf };
}

/** An audio thread that loses blocks also puts the block before them in the wrong place. */
const MARGIN = 256;

/**
 * The recording from an index on, without the stretches that an overloaded machine's audio thread left
 * out: they are lost to every sound alike, before the music's own graph is asked for any.
 */
export function stretches(
  { gaps, left }: Recording,
  from: number,
): readonly (readonly [number, number])[] {
  const edges = gaps.filter(({ index }) => index > from);
  const starts = [from, ...edges.map(({ index, length }) => index + length + MARGIN)];
  return starts.map((start, nth) => {
    const end = edges[nth]?.index ?? left.length + MARGIN;
    return [start, Math.max(start, end - MARGIN)];
  });
}
