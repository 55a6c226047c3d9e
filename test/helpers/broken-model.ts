import type { SoundtrackAssets } from "attacca";

/** The shipped model, broken in such a way that its manifest and hashes still agree with it. */
type ModelAssets = Pick<SoundtrackAssets, "modelManifestUrl" | "modelFileUrls">;

interface Manifest {
  readonly files: { wasm: { bytes: number; sha256: string } };
  readonly vocabulary: { readonly conditions: readonly { name: string; classes: number }[] };
}

type Bytes = Uint8Array<ArrayBuffer>;

const shipped = (file: string): URL =>
  new URL(`../../models/shipped/full/${file}`, import.meta.url);

async function assets(change: (model: Bytes, manifest: Manifest) => Bytes): Promise<ModelAssets> {
  const manifest = (await (await fetch(shipped("model.json"))).json()) as Manifest;
  const original = new Uint8Array(await (await fetch(shipped("model.int8.onnx"))).arrayBuffer());
  const model = change(original, manifest);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", model));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  Object.assign(manifest.files.wasm, { bytes: model.length, sha256 });
  const urlOf = (part: BlobPart): string => URL.createObjectURL(new Blob([part]));
  return {
    modelManifestUrl: urlOf(JSON.stringify(manifest)),
    modelFileUrls: { wasm: urlOf(model) },
  };
}

/** The first half of the graph. */
export const truncated = (): Promise<ModelAssets> =>
  assets((model) => model.slice(0, model.length >> 1));

/**
 * A graph whose passes give NaN. It opens and passes the speed test, because only those rows of the
 * condition table are broken that the speed test leaves out: all but the first meter and the last,
 * unknown class of every other condition.
 */
export const damaged = (): Promise<ModelAssets> =>
  assets((model, { vocabulary }) => {
    const scales = rawFloats(model, "bar_embed.weight.scale");
    let row = 0;
    for (const [column, { classes }] of vocabulary.conditions.entries()) {
      const spared = column === 0 ? 0 : classes - 1;
      for (let id = 0; id < classes; id += 1, row += 1) {
        if (id !== spared) scales.setFloat32(4 * row, Number.NaN, true);
      }
    }
    if (4 * row !== scales.byteLength) throw new Error("the condition table has another size");
    return model;
  });

/** Where the floats of an ONNX initialiser lie: `raw_data` (field 9) follows its `name` (field 8). */
function rawFloats(model: Bytes, name: string): DataView {
  const letters = new TextEncoder().encode(name);
  const wanted = [0x42, letters.length, ...letters, 0x4a];
  const found = model.findIndex((_, at) => wanted.every((byte, i) => model[at + i] === byte));
  if (found < 0) throw new Error(`the graph has no initialiser ${name}`);
  let at = found + wanted.length;
  let length = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    const byte = model[at] ?? 0;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return new DataView(model.buffer, at + 1, length);
}
