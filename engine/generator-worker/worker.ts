import { expose } from "comlink";
import type { GeneratorService } from "../generator/service.ts";
import { createPulse } from "../worker-link/pulse.ts";
import { createGeneratorService } from "./create-service.ts";

/** A turn of the event loop: unlike a microtask it lets messages in, unlike a timer it is not throttled. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });

const pause = (milliseconds: number): Promise<void> =>
  milliseconds < 1 ? turn() : new Promise((resolve) => setTimeout(resolve, milliseconds));

const service: GeneratorService = createGeneratorService({
  now: () => Date.now(),
  clock: () => performance.now(),
  pause,
  signOfLife: createPulse(
    (sign) => postMessage(sign),
    () => performance.now(),
  ),
});
expose(service);
