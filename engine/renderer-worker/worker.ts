import { createPulse } from "../worker-link/pulse.ts";
import { createRendererService } from "./renderer-service.ts";
import { serveRenderer } from "./serve.ts";

const pulse = createPulse(
  (sign) => postMessage(sign),
  () => performance.now(),
);
serveRenderer(createRendererService(pulse));
