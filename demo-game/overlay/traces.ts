/** Looks back that a trace holds: fifteen seconds at ten a second. */
const LENGTH = 150;
/** Pixels of the drawing: twice those of the page. */
const SIZE = { width: 260, height: 36 } as const;

/** A value from 0 over the last seconds, as a line that comes in from the right; its top is 1, or the most there was. */
export interface Trace {
  readonly canvas: HTMLCanvasElement;
  add(value: number): void;
  draw(): void;
}

export function createTrace(name: string): Trace {
  const canvas = document.createElement("canvas");
  canvas.width = SIZE.width;
  canvas.height = SIZE.height;
  canvas.setAttribute("aria-label", `${name} over the last seconds`);
  const context = canvas.getContext("2d");
  const values = new Float32Array(LENGTH);
  let count = 0;
  let top = 1;
  return {
    canvas,
    add: (value) => {
      values[count % LENGTH] = Math.max(0, value);
      top = Math.max(top, value);
      count += 1;
    },
    draw: () => {
      if (context === null) return;
      const { width, height } = SIZE;
      const held = Math.min(count, LENGTH);
      context.clearRect(0, 0, width, height);
      context.fillStyle = "rgb(255 255 255 / 8%)";
      context.fillRect(0, height - 2, width, 2);
      context.strokeStyle = "#ffb45e";
      context.lineWidth = 3;
      context.beginPath();
      for (let i = 0; i < held; i += 1) {
        const value = values[(count - held + i) % LENGTH] ?? 0;
        const x = width - ((held - 1 - i) * width) / (LENGTH - 1);
        context.lineTo(x, height - 3 - (value / top) * (height - 6));
      }
      context.stroke();
    },
  };
}
