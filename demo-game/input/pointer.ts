import type { Wish } from "./input.ts";

/** A held pointer or finger pulls the walker away from where the figure is on the screen. */
export interface Pointer {
  add(out: Wish): void;
  release(): void;
}

/** The figure's place on the screen, as shares of the canvas. */
const FIGURE = { x: 0.5, y: 0.64 };
/** Share of the canvas height at which a held pointer means full speed. */
const FULL_PULL = 0.16;

export function createPointer(canvas: HTMLElement): Pointer {
  const pull: Wish = { x: 0, z: 0 };
  const aim = (event: PointerEvent): void => {
    const { width, height } = canvas.getBoundingClientRect();
    const full = height * FULL_PULL;
    const x = (event.clientX - width * FIGURE.x) / full;
    const z = (height * FIGURE.y - event.clientY) / full;
    const length = Math.max(1, Math.hypot(x, z));
    pull.x = x / length;
    pull.z = z / length;
  };
  const release = (): void => {
    pull.x = 0;
    pull.z = 0;
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    aim(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) aim(event);
  });
  for (const kind of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
    canvas.addEventListener(kind, release);
  }
  addEventListener("blur", release);
  return {
    add: (out) => {
      out.x += pull.x;
      out.z += pull.z;
    },
    release,
  };
}
