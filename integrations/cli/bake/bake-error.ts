/** What stops a bake, in one line for whoever asked for it. */
export class BakeError extends Error {
  override readonly name = "BakeError";
}

const SAYS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "it is a folder",
  EFBIG: "the file would be too large",
};

/** Rejects with `BakeError`, which names the file that an error is about. */
export const saying = <Value>(file: string, done: Promise<Value>): Promise<Value> =>
  done.catch((error: unknown) => {
    throw new BakeError(inOneLine(error, file));
  });

/** An error of the file system, or any other, in one line; `path` is what was being read or written. */
export function inOneLine(error: unknown, path?: string): string {
  const {
    message,
    code,
    path: own,
  } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  const place = path ?? own;
  const text = (code !== undefined && SAYS[code]) || (message.split("\n")[0] ?? "");
  const isSaid = error instanceof BakeError || place === undefined || text.includes(place);
  return isSaid ? text : `${place}: ${text}`;
}
