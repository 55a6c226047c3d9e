import type { SoundtrackSnapshot } from "attacca";

type Phrase = NonNullable<SoundtrackSnapshot["phrase"]>;
type StemName = keyof SoundtrackSnapshot["layers"];

/** In the order in which they are drawn: what matters most comes last. */
export const STEM_NAMES: readonly StemName[] = ["melody", "counter", "harmony", "bass", "drums"];

export const STEM_COLOURS: Readonly<Record<StemName, string>> = {
  melody: "#ffd36b",
  counter: "#6fffe0",
  harmony: "#9db8ff",
  bass: "#c77dff",
  drums: "#ff8f6b",
};

const LOW = 28;
const HIGH = 100;
/** Share of the height that the drums get for themselves, at the bottom. */
const DRUM_ROW = 0.16;
const TICKS_PER_QUARTER = 960;
const QUARTERS_PER_BAR: Readonly<Record<SoundtrackSnapshot["meter"], number>> = {
  "4/4": 4,
  "3/4": 3,
  "6/8": 3,
  "12/8": 4,
};

/** Draws the present phrase and, dimmer and to its right, the next, with the playhead. */
export function drawPhrases(context: CanvasRenderingContext2D, shot: SoundtrackSnapshot): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  const { phrase, nextPhrase, time, meter } = shot;
  const bars = (phrase?.bars ?? 0) + (nextPhrase?.bars ?? 0);
  if (bars === 0) return;
  const barWidth = width / bars;
  const split = (phrase?.bars ?? 0) * barWidth;
  drawGrid(context, { bars, split });
  const ticksPerBar = QUARTERS_PER_BAR[meter] * TICKS_PER_QUARTER;
  const scale = barWidth / ticksPerBar;
  if (phrase !== undefined) drawNotes(context, phrase, { left: 0, scale, alpha: 1 });
  if (nextPhrase !== undefined) drawNotes(context, nextPhrase, { left: split, scale, alpha: 0.5 });
  if (phrase === undefined) return;
  const progress = (time - phrase.startsAt) / (phrase.endsAt - phrase.startsAt);
  context.globalAlpha = 1;
  context.fillStyle = "#ffffff";
  context.fillRect(Math.max(0, Math.min(1, progress)) * split - 1, 0, 3, height);
}

function drawGrid(
  context: CanvasRenderingContext2D,
  { bars, split }: { bars: number; split: number },
): void {
  const { width, height } = context.canvas;
  context.globalAlpha = 1;
  context.fillStyle = "rgb(255 255 255 / 5%)";
  context.fillRect(split, 0, width - split, height);
  context.fillStyle = "rgb(255 255 255 / 16%)";
  for (let bar = 1; bar < bars; bar += 1) context.fillRect((bar * width) / bars, 0, 1, height);
  context.fillRect(split - 1, 0, 3, height);
}

function drawNotes(
  context: CanvasRenderingContext2D,
  phrase: Phrase,
  { left, scale, alpha }: { left: number; scale: number; alpha: number },
): void {
  const { height } = context.canvas;
  const floor = height * (1 - DRUM_ROW);
  for (const stem of STEM_NAMES) {
    context.fillStyle = STEM_COLOURS[stem];
    for (const { at, duration, pitch, velocity } of phrase.notes[stem] ?? []) {
      context.globalAlpha = alpha * (0.45 + (0.55 * velocity) / 127);
      const x = left + at * scale;
      if (stem === "drums") {
        const row = floor + 4 + ((pitch * 5) % 7) * ((height - floor - 8) / 7);
        context.fillRect(x, row, 4, 4);
      } else {
        const y = floor * (1 - (pitch - LOW) / (HIGH - LOW));
        context.fillRect(
          x,
          Math.max(0, Math.min(floor - 5, y)),
          Math.max(4, duration * scale - 2),
          5,
        );
      }
    }
  }
}
