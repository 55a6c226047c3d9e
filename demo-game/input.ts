/** Where the player wants to go: x to the right, z away from the eye, length at most 1. */
export interface Wish {
  x: number;
  z: number;
}

export interface Input {
  /** Writes the present wish into `out`. */
  read(out: Wish): void;
  dispose(): void;
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  KeyW: [0, 1],
  ArrowUp: [0, 1],
  KeyS: [0, -1],
  ArrowDown: [0, -1],
  KeyA: [-1, 0],
  ArrowLeft: [-1, 0],
  KeyD: [1, 0],
  ArrowRight: [1, 0],
};

/** The figure's place on the screen, as shares of the canvas: a held pointer pulls away from it. */
const FIGURE = { x: 0.5, y: 0.64 };
/** Share of the canvas height at which a held pointer means full speed. */
const FULL_PULL = 0.16;

export function createInput(canvas: HTMLElement): Input {
  const held = new Set<string>();
  const pull: Wish = { x: 0, z: 0 };
  const stop = new AbortController();
  const { signal } = stop;

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
  const releaseAll = (): void => {
    held.clear();
    release();
  };

  addEventListener(
    "keydown",
    (event) => {
      if (!(event.code in DIRECTIONS) || event.ctrlKey || event.metaKey || event.altKey) return;
      held.add(event.code);
      event.preventDefault();
    },
    { signal },
  );
  addEventListener("keyup", (event) => held.delete(event.code), { signal });
  addEventListener("blur", releaseAll, { signal });
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      canvas.setPointerCapture(event.pointerId);
      aim(event);
    },
    { signal },
  );
  canvas.addEventListener(
    "pointermove",
    (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) aim(event);
    },
    { signal },
  );
  for (const kind of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
    canvas.addEventListener(kind, release, { signal });
  }
  return { read: (out) => readWish(held, pull, out), dispose: () => stop.abort() };
}

function readWish(held: ReadonlySet<string>, pull: Readonly<Wish>, out: Wish): void {
  out.x = pull.x;
  out.z = pull.z;
  for (const code of held) {
    const [x, z] = DIRECTIONS[code] ?? [0, 0];
    out.x += x;
    out.z += z;
  }
  const length = Math.hypot(out.x, out.z);
  if (length <= 1) return;
  out.x /= length;
  out.z /= length;
}
