import { readFile } from "node:fs/promises";
import { ORCHESTRA as ORCHESTRA_FONT, PALETTES } from "../../engine/renderer-worker/palettes.ts";
import { createRenderer, type Renderer } from "../../engine/renderer-worker/renderer.ts";
import { ORCHESTRA, PALETTE } from "./package-files.ts";

/** A renderer that can play every palette. Rejects as `node:fs` does where `npm run palette` has not been run. */
export async function openShippedRenderer(sampleRate: number): Promise<Renderer> {
  const read = async (file: string): Promise<ArrayBuffer> =>
    new Uint8Array(await readFile(file)).buffer;
  const renderer = await createRenderer({ soundfont: await read(PALETTE), sampleRate });
  const soundfont = await read(ORCHESTRA);
  await renderer.addFont({ name: ORCHESTRA_FONT, soundfont, palettes: PALETTES });
  return renderer;
}
