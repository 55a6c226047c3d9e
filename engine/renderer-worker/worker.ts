import { createRendererService } from "./renderer-service.ts";
import { serveRenderer } from "./serve.ts";

serveRenderer(createRendererService());
