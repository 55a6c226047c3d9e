import type { Soundtrack, SoundtrackSnapshot } from "attacca";
import { STEM_COLOURS, STEM_NAMES } from "./piano-roll.ts";

/** The next four bars as a band of light at the screen's edge, a lane for each stem. Hidden at first. */
export interface Ribbon {
  toggle(): void;
}

type Phrase = NonNullable<SoundtrackSnapshot["phrase"]>;

/** Bars to the right and to the left of now. */
const AHEAD = 4;
const BEHIND = 0.5;
const TICKS_PER_BAR = 3840;

export function createRibbon(
  canvas: HTMLCanvasElement,
  music: Pick<Soundtrack, "snapshot">,
): Ribbon {
  const context = canvas.getContext("2d");
  const draw = (): void => {
    if (canvas.hidden || context === null) return;
    drawRibbon(context, music.snapshot());
    requestAnimationFrame(draw);
  };
  return {
    toggle: () => {
      canvas.hidden = !canvas.hidden;
      canvas.width = canvas.clientWidth;
      canvas.height = canvas.clientHeight;
      draw();
    },
  };
}

function drawRibbon(context: CanvasRenderingContext2D, shot: SoundtrackSnapshot): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  const { phrase, nextPhrase, pending, time } = shot;
  if (phrase === undefined) return;
  const bar = (phrase.endsAt - phrase.startsAt) / phrase.bars;
  const xOf = (at: number): number => (((at - time) / bar + BEHIND) * width) / (AHEAD + BEHIND);
  for (let i = 0; i <= AHEAD + 1; i += 1) {
    const line = phrase.startsAt + Math.ceil((time - phrase.startsAt) / bar - BEHIND + i) * bar;
    context.fillStyle = "rgb(255 255 255 / 16%)";
    context.fillRect(xOf(line), 0, 1, height);
  }
  for (const part of [phrase, nextPhrase]) if (part) drawPart(context, part, xOf);
  context.globalAlpha = 1;
  context.fillStyle = "#ffffff";
  context.fillRect(xOf(time), 0, 2, height);
  if (pending === undefined) return;
  context.fillStyle = "#ffb45e";
  context.fillRect(xOf(pending.at) - 1, 0, 3, height);
  context.font = "15px ui-sans-serif, system-ui, sans-serif";
  context.fillText(pending.to, xOf(pending.at) + 6, 14);
}

function drawPart(
  context: CanvasRenderingContext2D,
  part: Phrase,
  xOf: (at: number) => number,
): void {
  const lane = context.canvas.height / STEM_NAMES.length;
  const tick = (part.endsAt - part.startsAt) / part.bars / TICKS_PER_BAR;
  STEM_NAMES.forEach((stem, i) => {
    context.fillStyle = STEM_COLOURS[stem];
    for (const { at, duration, pitch, velocity } of part.notes[stem] ?? []) {
      context.globalAlpha = 0.4 + (0.6 * velocity) / 127;
      const from = xOf(part.startsAt + at * tick);
      const to = xOf(part.startsAt + (at + duration) * tick);
      const y = lane * i + (lane - 4) * (1 - ((pitch - 30) % 24) / 24);
      context.fillRect(from, y, Math.max(3, to - from - 1), 3);
    }
  });
}
