/** Each part loads its code when it is first asked for: an idle page is idle. */
const parts = {
  generation: () => import("./generation.ts"),
  rendering: () => import("./rendering.ts"),
  toneInstruments: () => import("./tone-instruments.ts"),
  music: () => import("./music.ts"),
  frames: () => import("./frames.ts"),
  game: () => import("./game.ts"),
  changes: () => import("./changes.ts"),
  latency: () => import("./latency.ts"),
  scene: () => import("./scene.ts"),
};

export type Parts = typeof parts;

declare global {
  // oxlint-disable-next-line no-var -- a global's type needs it
  var bench: Parts;
}

globalThis.bench = parts;
