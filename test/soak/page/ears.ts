/** What came out of a node, as the rendering thread heard it. */
export interface Heard {
  /** Frames since the last look. */
  readonly frames: number;
  /** Frames that the browser skipped: the audio thread was held up. */
  readonly lost: number;
  readonly notFinite: number;
  readonly peak: number;
  /** Frames of the longest stretch below -60 dBFS that ended, or goes on, since the last look. */
  readonly silence: number;
}

/** Runs in the worklet's scope. It keeps no samples, so that it may listen for hours. */
const PROCESSOR = `
registerProcessor("soak-ears", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.quiet = 0;
    this.steady = 0;
    this.begin();
    this.port.onmessage = ({ data }) => {
      if (data !== "look") {
        this.isDeaf = data === "deaf";
        return;
      }
      this.port.postMessage(this.heard);
      this.begin();
    };
  }
  begin() {
    this.heard = { frames: 0, lost: 0, notFinite: 0, peak: 0, silence: 0 };
  }
  process([[left, right = left] = []]) {
    const { heard } = this;
    // Chromium leaves out blocks just after a node is connected.
    if (this.expected !== undefined && this.steady > 16) heard.lost += currentFrame - this.expected;
    this.steady = currentFrame === this.expected ? this.steady + 1 : this.steady;
    this.expected = currentFrame + 128;
    heard.frames += 128;
    for (let i = 0; i < 128; i += 1) {
      const level = left === undefined ? 0 : Math.max(Math.abs(left[i]), Math.abs(right[i]));
      if (!Number.isFinite(level)) heard.notFinite += 1;
      if (level > heard.peak) heard.peak = level;
      this.quiet = level < 0.001 && !this.isDeaf ? this.quiet + 1 : 0;
      if (this.quiet > heard.silence) heard.silence = this.quiet;
    }
    return true;
  }
});`;

export interface Ears {
  /** What was heard since the last look. */
  look(): Promise<Heard>;
  /** While the music stands still, silence is no fault. */
  ignoreSilence(isIgnored: boolean): void;
}

/** Listens to a node whose context runs. */
export async function openEars(source: AudioNode): Promise<Ears> {
  const { context } = source;
  const url = URL.createObjectURL(new Blob([PROCESSOR], { type: "text/javascript" }));
  await context.audioWorklet.addModule(url);
  URL.revokeObjectURL(url);
  const tap = new AudioWorkletNode(context, "soak-ears");
  // A node is only rendered on a path to the destination; this one adds silence.
  tap.connect(context.destination);
  source.connect(tap);
  const { port } = tap;
  port.start();
  return {
    look: () =>
      new Promise((resolve) => {
        port.addEventListener("message", ({ data }: MessageEvent<Heard>) => resolve(data), {
          once: true,
        });
        port.postMessage("look");
      }),
    ignoreSilence: (isIgnored) => port.postMessage(isIgnored ? "deaf" : "hear"),
  };
}
