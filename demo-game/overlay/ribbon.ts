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
/** Pixels at the left for the names of the stems. */
const NAMES = 110;

export function createRibbon(
  canvas: HTMLCanvasElement,
  music: Pick<Soundtrack, "snapshot">,
): Ribbon {
  const context = canvas.getContext("2d");
  const draw = (): void => {
    if (canvas.hidden || context === null) return;
    fit(canvas);
    drawRibbon(context, music.snapshot());
    requestAnimationFrame(draw);
  };
  return {
    toggle: () => {
      canvas.hidden = !canvas.hidden;
      draw();
    },
  };
}

/** As many pixels as the screen has there, also after the window has changed. */
function fit(canvas: HTMLCanvasElement): void {
  const width = Math.round(canvas.clientWidth * devicePixelRatio);
  const height = Math.round(canvas.clientHeight * devicePixelRatio);
  if (canvas.width === width && canvas.height === height) return;
  canvas.width = width;
  canvas.height = height;
}

const FONT = '"Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif';

function drawRibbon(context: CanvasRenderingContext2D, shot: SoundtrackSnapshot): void {
  const { clientWidth: width, clientHeight: height } = context.canvas;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, width, height);
  const { phrase, nextPhrase, pending, time } = shot;
  if (phrase === undefined) return;
  const bar = (phrase.endsAt - phrase.startsAt) / phrase.bars;
  const wide = (width - NAMES) / (AHEAD + BEHIND);
  const xOf = (at: number): number => NAMES + ((at - time) / bar + BEHIND) * wide;
  context.fillStyle = "rgb(255 255 255 / 16%)";
  for (let i = 0; i <= AHEAD + 1; i += 1) {
    const line = phrase.startsAt + Math.ceil((time - phrase.startsAt) / bar - BEHIND + i) * bar;
    context.fillRect(xOf(line), 0, 1, height);
  }
  context.save();
  context.beginPath();
  context.rect(NAMES, 0, width - NAMES, height);
  context.clip();
  for (const part of [phrase, nextPhrase]) if (part) drawPart(context, part, xOf);
  context.restore();
  drawNames(context, shot, height / STEM_NAMES.length);
  context.fillStyle = "#ffffff";
  context.fillRect(xOf(time), 0, 2, height);
  if (pending === undefined) return;
  context.fillStyle = "#ffb45e";
  context.fillRect(xOf(pending.at) - 1, 0, 3, height);
  context.font = `18px ${FONT}`;
  context.fillText(`→ ${pending.to}`, xOf(pending.at) + 8, 18);
}

/** Each lane has its name, dim while nobody hears the stem. */
function drawNames(
  context: CanvasRenderingContext2D,
  { layers }: SoundtrackSnapshot,
  lane: number,
): void {
  context.font = `18px ${FONT}`;
  context.textBaseline = "middle";
  STEM_NAMES.forEach((stem, i) => {
    context.globalAlpha = layers[stem] > 0.05 ? 1 : 0.5;
    context.fillStyle = STEM_COLOURS[stem];
    context.fillText(stem, 20, lane * (i + 0.5));
  });
  context.textBaseline = "alphabetic";
  context.globalAlpha = 1;
}

function drawPart(
  context: CanvasRenderingContext2D,
  part: Phrase,
  xOf: (at: number) => number,
): void {
  const lane = context.canvas.clientHeight / STEM_NAMES.length;
  const tick = (part.endsAt - part.startsAt) / part.bars / TICKS_PER_BAR;
  STEM_NAMES.forEach((stem, i) => {
    context.fillStyle = STEM_COLOURS[stem];
    for (const { at, duration, pitch, velocity } of part.notes[stem] ?? []) {
      context.globalAlpha = 0.4 + (0.6 * velocity) / 127;
      const from = xOf(part.startsAt + at * tick);
      const to = xOf(part.startsAt + (at + duration) * tick);
      const y = lane * i + 2 + (lane - 8) * (1 - ((pitch - 30) % 24) / 24);
      context.fillRect(from, y, Math.max(3, to - from - 1), 4);
    }
  });
}
