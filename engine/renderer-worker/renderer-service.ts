import { NetworkError, PaletteError } from "./errors.ts";
import { createRenderer, type Renderer } from "./renderer.ts";
import type { RendererOptions, RendererService } from "./service.ts";

/** Fetches the bytes of the soundfont. Rejects when they cannot be had. */
export type FetchBytes = (url: string) => Promise<ArrayBuffer>;

async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (response.status >= 500) throw new NetworkError(`HTTP ${response.status}`);
  if (!response.ok) throw new PaletteError(`HTTP ${response.status}`);
  return response.arrayBuffer();
}

/** The service of the worker, without the worker. Stretches asked for while it loads wait. */
export function createRendererService(fetchSoundfont: FetchBytes = fetchBytes): RendererService {
  let opening: Promise<Renderer> | undefined;
  let renderer: Renderer | undefined;

  async function open({ soundfontUrl, sampleRate }: RendererOptions): Promise<Renderer> {
    const soundfont = await fetchSoundfont(soundfontUrl).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `cannot fetch ${soundfontUrl}: ${reason}`;
      if (cause instanceof PaletteError) throw new PaletteError(message, { cause });
      throw new NetworkError(message, { cause });
    });
    return createRenderer({ soundfont, sampleRate });
  }

  return {
    async load(options) {
      opening = open(options);
      renderer = await opening;
    },
    async render(request) {
      if (opening === undefined) throw new PaletteError("no soundfont: load() was not called");
      return (await opening).render(request);
    },
    release(take) {
      renderer?.release(take);
    },
  };
}
