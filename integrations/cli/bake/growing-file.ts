import { open } from "node:fs/promises";
import { saying } from "./bake-error.ts";

/** A file that is written from its beginning to its end. Rejects with `BakeError`, which names it. */
export interface GrowingFile {
  append(data: Uint8Array): Promise<void>;
  /** Writes over its beginning, which must be there. */
  replaceHead(data: Uint8Array): Promise<void>;
  /** Once it is closed, does nothing. */
  close(): Promise<void>;
}

/** Opens a file that is empty, whatever was there. Rejects as its methods do. */
export async function openGrowingFile(path: string): Promise<GrowingFile> {
  const file = await saying(path, open(path, "w"));
  let isOpen = true;
  return {
    append: (data) =>
      saying(
        path,
        writeAll(data, (from) => file.write(data, from)),
      ),
    replaceHead: (data) =>
      saying(
        path,
        writeAll(data, (from) => file.write(data, from, data.length - from, from)),
      ),
    async close() {
      if (isOpen) {
        isOpen = false;
        await saying(path, file.close());
      }
    },
  };
}

/** A disk that is nearly full may take a part and say nothing. */
async function writeAll(
  { length }: Uint8Array,
  write: (from: number) => Promise<{ readonly bytesWritten: number }>,
): Promise<void> {
  for (let done = 0; done < length;) done += (await write(done)).bytesWritten;
}
