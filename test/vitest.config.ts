import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { shared } from "../vite.config.ts";
import { CHROMIUM_ARGUMENTS, findChromium } from "./helpers/chromium.ts";
import { TIMES } from "./helpers/runs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const node = (name: string, timeout: number) => ({
  extends: true as const,
  test: {
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
    include: [...shared.optimizeDeps.include, "fft.js"],
  },
  root,
  test: {
    projects: [
      node("unit", 20_000),
      node("property", 60_000 * TIMES),
      node("worker", 120_000),
      node("e2e", 300_000),
      {
        extends: true,
        test: {
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
