import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { shared } from "../vite.config.ts";
import { CHROMIUM_ARGUMENTS, findChromium } from "./helpers/chromium.ts";
import { TIMES } from "./helpers/runs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Projects of one group run at the same time: first what only counts; then, one page at a time, what waits
 * for what comes, however late, and what keeps time by the clock. The limits of the first are for what hangs:
 * `run.ts` gives it but the time that others leave. It also plays the soak beside the whole pages that wait.
 */
const COUNTS = { sequence: { groupOrder: 0 }, maxWorkers: 2 };
const PAGES = { sequence: { groupOrder: 1 }, maxWorkers: 1 };
const IN_BROWSER = { sequence: { groupOrder: 2 }, maxWorkers: 1 };

const node = (name: string, timeout: number, group: typeof COUNTS) => ({
  extends: true as const,
  test: {
    ...group,
    name,
    environment: "node",
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeout,
    hookTimeout: timeout,
  },
});

export default defineConfig({
  ...shared,
  optimizeDeps: {
    ...shared.optimizeDeps,
    include: [
      ...shared.optimizeDeps.include,
      "@babylonjs/core/AudioV2/webAudio/webAudioEngine.js",
      "fft.js",
    ],
  },
  root,
  test: {
    projects: [
      node("unit", 200_000, COUNTS),
      node("property", 300_000 * TIMES, COUNTS),
      node("worker", 400_000, COUNTS),
      node("e2e", 300_000, PAGES),
      node("live", 300_000, PAGES),
      node("soak", 400_000, PAGES),
      {
        extends: true,
        test: {
          ...IN_BROWSER,
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 120_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: findChromium(), args: [...CHROMIUM_ARGUMENTS] },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
