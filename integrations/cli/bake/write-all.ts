import type { FileHandle } from "node:fs/promises";

/** Writes at the end of what is there. A disk that is nearly full may take a part and say nothing. */
export async function writeAll(file: FileHandle, data: Uint8Array): Promise<void> {
  for (let done = 0; done < data.length;) {
    done += (await file.write(data, done, data.length - done, null)).bytesWritten;
  }
}
