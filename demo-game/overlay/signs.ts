import { PLACES } from "../places/places.ts";

export interface SignsOptions {
  readonly title: HTMLElement;
  /** Shows a place's name for a moment when one comes there. */
  readonly place: HTMLElement;
  /** Its buttons name the key they stand for in `data-key`. */
  readonly controls: HTMLElement;
  /** The walker's x. */
  readonly where: () => number;
  /** Called once, from the first key or click. */
  readonly begin: () => Promise<void>;
  /** What single keys do once the walk has begun, by key code. */
  readonly keys: Readonly<Record<string, () => void>>;
}

const SHOWN_FOR = 3500;

/** The title, the names of the places and the single keys. */
export function createSigns({ title, place, controls, where, begin, keys }: SignsOptions): void {
  const start = new AbortController();
  const open = (): void => {
    start.abort();
    title.classList.add("gone");
    announcePlaces(place, where);
    addEventListener("keydown", ({ code, repeat }) => {
      if (!repeat) keys[code]?.();
    });
    controls.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      keys[button?.dataset["key"] ?? ""]?.();
      // The space bar must not press it again.
      button?.blur();
    });
    begin().catch((error: unknown) => {
      place.textContent = `No music: ${error instanceof Error ? error.message : String(error)}`;
      place.classList.add("shown");
    });
  };
  addEventListener("keydown", open, { signal: start.signal });
  addEventListener("pointerdown", open, { signal: start.signal });
}

function announcePlaces(sign: HTMLElement, where: () => number): void {
  let here = "";
  let hide: ReturnType<typeof setTimeout> | undefined;
  setInterval(() => {
    const x = where();
    const { title = here } = PLACES.find(({ west, east }) => x >= west && x < east) ?? {};
    if (title === here) return;
    here = title;
    sign.textContent = title;
    sign.classList.add("shown");
    clearTimeout(hide);
    hide = setTimeout(() => sign.classList.remove("shown"), SHOWN_FOR);
  }, 250);
}
