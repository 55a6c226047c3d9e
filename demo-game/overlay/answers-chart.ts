import type { SoundtrackSnapshot } from "attacca";

type Answers = SoundtrackSnapshot["generator"]["answers"];

/** Both ends of the scale, in milliseconds; it is logarithmic. */
const SHORTEST = 10;
const LONGEST = 60_000;
const SLOTS = 32;
const MARKS = [
  [100, "0.1 s"],
  [1000, "1 s"],
  [10_000, "10 s"],
] as const;

/**
 * One column for each answer: the bar is the time from the request to the answer (its dark foot the
 * time in the queue), the line above it the deadline. A late answer is red.
 */
export function drawAnswers(context: CanvasRenderingContext2D, answers: Answers): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  const heightOf = (ms: number): number =>
    (height * Math.log(Math.max(SHORTEST, Math.min(LONGEST, ms)) / SHORTEST)) /
    Math.log(LONGEST / SHORTEST);
  drawMarks(context, heightOf);
  const left = 84;
  const column = (width - left) / SLOTS;
  answers.slice(-SLOTS).forEach(({ elapsed, queued, margin }, i) => {
    const x = left + i * column;
    const total = elapsed + queued;
    context.fillStyle = margin < 0 ? "#ff6b5e" : "#ffb45e";
    context.fillRect(x, height - heightOf(total), column - 4, heightOf(total));
    context.fillStyle = "rgb(10 11 26 / 55%)";
    if (queued > SHORTEST)
      context.fillRect(x, height - heightOf(queued), column - 4, heightOf(queued));
    context.fillStyle = "#f2e9c9";
    context.fillRect(x, height - heightOf(total + margin) - 1, column - 4, 3);
  });
}

function drawMarks(context: CanvasRenderingContext2D, heightOf: (ms: number) => number): void {
  const { width, height } = context.canvas;
  context.font = "26px ui-sans-serif, system-ui, sans-serif";
  for (const [ms, text] of MARKS) {
    const y = height - heightOf(ms);
    context.fillStyle = "rgb(255 255 255 / 14%)";
    context.fillRect(84, y, width - 84, 1);
    context.fillStyle = "#a9a7b8";
    context.fillText(text, 2, y + 9);
  }
}
