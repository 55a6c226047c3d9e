import type { Backend, ReadModelFile } from "../../engine/generator/service.ts";

/** Where a model lies, for a page that reads it without the loader. */
export interface ModelUrls extends Readonly<Record<Backend, string>> {
  readonly manifest: string;
}

export const fetchBytes = async (url: string): Promise<ArrayBuffer> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: status ${response.status}`);
  return response.arrayBuffer();
};

/** Reads a model as it comes; onnxruntime finds its WebAssembly by itself. */
export const fetchModel =
  (urls: ModelUrls): ReadModelFile =>
  async (file) =>
    file.kind === "runtime"
      ? undefined
      : fetchBytes(file.kind === "manifest" ? urls.manifest : urls[file.backend]);
