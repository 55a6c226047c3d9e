import { PaletteError } from "./errors.ts";
import { createRenderer, type Renderer } from "./renderer.ts";
import type { RendererService } from "./service.ts";

/** The service of the worker, without the worker. Stretches asked for while it loads wait. `goesOn` is called often while it renders. */
export function createRendererService(goesOn?: () => void): RendererService {
  let opening: Promise<Renderer> | undefined;
  let renderer: Renderer | undefined;
  return {
    async load(options) {
      opening = createRenderer(options, goesOn);
      renderer = await opening;
    },
    async addFont(font) {
      if (opening === undefined) throw new PaletteError("no soundfont: load() was not called");
      await (await opening).addFont(font);
    },
    async render(request) {
      if (opening === undefined) throw new PaletteError("no soundfont: load() was not called");
      return (await opening).render(request);
    },
    release(take) {
      renderer?.release(take);
    },
    recycle(memory) {
      renderer?.recycle(memory);
    },
  };
}
