import { vi } from "vitest";

/** The page around the engine, as far as the engine touches it: it is seen, and nobody touches it. */
export function simulatePage(): void {
  const events = new EventTarget();
  const document = { baseURI: "https://game.example/", visibilityState: "visible" };
  vi.stubGlobal("document", Object.assign(new EventTarget(), document));
  vi.stubGlobal("addEventListener", events.addEventListener.bind(events));
  vi.stubGlobal("navigator", {});
}
