import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, test } from "vitest";

const INDEX = fileURLToPath(new URL("../../../integrations/babylon/index.ts", import.meta.url));

test("all of it is smaller than 6 kB gzipped and brings nothing of Babylon or the engine", async () => {
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, target: "esnext", lib: { entry: INDEX, formats: ["es"] } },
  });
  const outputs = [built].flat().flatMap((each) => ("output" in each ? each.output : []));
  const chunks = outputs.filter((each) => each.type === "chunk");
  const modules = chunks.flatMap((chunk) => Object.keys(chunk.modules));
  expect(modules.filter((name) => !name.includes("/integrations/babylon/"))).toEqual([]);
  const size = chunks.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
  expect(size).toBeGreaterThan(1000);
  expect(size).toBeLessThan(6000);
});
