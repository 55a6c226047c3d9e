import { expose, transfer, type Endpoint } from "comlink";
import type { RendererService } from "./service.ts";

/** Offers a service at an endpoint; the PCM of its answers is moved, not copied. */
export function serveRenderer(service: RendererService, endpoint?: Endpoint): void {
  const served: RendererService = {
    load: (options) => service.load(options),
    addFont: (options) => service.addFont(options),
    release: (take) => service.release(take),
    recycle: (memory) => service.recycle(memory),
    async render(request) {
      const chunk = await service.render(request);
      return transfer(chunk, [chunk.left.buffer, chunk.right.buffer]);
    },
  };
  expose(served, endpoint);
}
