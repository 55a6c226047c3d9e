import { fileOfFont } from "./own-palettes.ts";
import type { PaletteBook } from "./palette-book.ts";
import type { RendererClient } from "./renderer-worker/client.ts";

export interface FontKeeperOptions {
  readonly book: PaletteBook;
  /** Gives the bytes of a soundfont by its name; asked again for each new renderer, which takes them. */
  readonly read: (font: string) => Promise<ArrayBuffer>;
  readonly client: Pick<RendererClient, "addFont">;
  /** A soundfont cannot be had; told once for each. */
  readonly unavailable: (message: string) => void;
}

/** A soundfont with which the renderer was lost so often is not tried again. */
const MOST_LOSSES = 2;

/**
 * Brings a renderer the soundfonts that the score needs beside the first, and tells the palettes what is
 * there. What cannot be had is stood in for.
 */
export class FontKeeper {
  readonly #options: FontKeeperOptions;
  /** Counts renderers: what comes back from an earlier one is too late. */
  #turn = 0;
  readonly #failed = new Map<string, Error>();
  readonly #losses = new Map<string, number>();

  constructor(options: FontKeeperOptions) {
    this.#options = options;
  }

  /** A renderer is ready, the first or another. */
  bring(): void {
    this.lost();
    void this.#bringAll(this.#turn, this.#options.book.needed.keys());
  }

  /** The renderer is gone, and what it had with it. */
  lost(): void {
    this.#turn += 1;
    this.#options.book.clear();
  }

  /** Asks again for those that failed of an error of this name. */
  tryAgain(name: string): void {
    const again = [...this.#failed].flatMap(([font, error]) => (error.name === name ? [font] : []));
    for (const font of again) this.#failed.delete(font);
    void this.#bringAll(this.#turn, again);
  }

  async #bringAll(turn: number, fonts: Iterable<string>): Promise<void> {
    await Promise.all(
      [...fonts].filter((font) => !this.#failed.has(font)).map((font) => this.#bring(font, turn)),
    );
  }

  async #bring(font: string, turn: number): Promise<void> {
    const { book, client, read } = this.#options;
    const palettes = book.needed.get(font) ?? [];
    let isRead = false;
    try {
      await client.addFont({
        name: font,
        palettes,
        read: async () => {
          const bytes = await read(font);
          isRead = true;
          return bytes;
        },
      });
      if (turn === this.#turn) book.add(font);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      if (error.name !== "RendererLostError") {
        this.#fail(font, error);
      } else if (isRead) {
        const losses = (this.#losses.get(font) ?? 0) + 1;
        this.#losses.set(font, losses);
        if (losses >= MOST_LOSSES) this.#fail(font, error);
      }
    }
  }

  #fail(font: string, error: Error): void {
    const { book, unavailable } = this.#options;
    this.#failed.set(font, error);
    const file = fileOfFont(font);
    const where = file === undefined ? "" : `, ${file}`;
    for (const { name, standIn = "" } of book.needed.get(font) ?? []) {
      unavailable(`palette "${name}"${where}: ${error.message}; "${standIn}" plays in its place`);
    }
  }
}
