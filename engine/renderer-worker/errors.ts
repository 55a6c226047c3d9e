/** The soundfont cannot be had, cannot be read, or lacks a voice. */
export class PaletteError extends Error {
  override readonly name = "PaletteError";
}

/** The render worker died or stopped answering; `restart()` of the client makes a new one. */
export class RendererLostError extends Error {
  override readonly name = "RendererLostError";
}
