/**
 * The boundary between the game's thread and the loader worker, which fetches the heavy files of all
 * soundtracks of a page: an address goes in, checked bytes come back. Errors keep `name` and `message`.
 */
export interface LoaderService {
  /**
   * Reads a file: from the cache, else over the network. Who asks while it is on its way shares the
   * download. Rejects with `FileMissingError` (the server has none), `FileDamagedError` (its bytes have
   * another hash, twice) or `NetworkError` (all tries failed). The bytes are transferred.
   */
  read(file: WantedFile, onNews: (news: LoadNews) => void): Promise<ArrayBuffer>;
}

/** What the heavy files are, for whoever shows how much of them is there. */
export type FileKind = "model" | "palette" | "orchestra" | "runtime";

export interface WantedFile {
  readonly kind: FileKind;
  /** What the file is, whatever its version: one version of it is kept, older ones are removed. */
  readonly slot: string;
  /** Absolute. */
  readonly url: string;
  /**
   * Where it is known, the bytes are checked and the cache comes before the network. Where it is not, the
   * network comes first, and what was kept from it serves when it fails.
   */
  readonly check?: FileCheck | undefined;
  /** The cache to keep it in. */
  readonly cache: string;
}

export interface FileCheck {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Why a try failed. */
export type LoadProblem =
  /** The server answers that there is no such file. */
  | "missing"
  /** The server fails, or is too busy. */
  | "server-error"
  /** The browser has no network. */
  | "offline"
  /** The connection failed or broke. */
  | "interrupted"
  /** No byte came for ten seconds. */
  | "stalled"
  /** The file ended too early. */
  | "truncated"
  /** The bytes have another hash. */
  | "damaged";

export type LoadNews =
  | {
      readonly kind: "progress";
      readonly loadedBytes: number;
      /** 0 while nobody has said how many there are. */
      readonly totalBytes: number;
    }
  /** A try failed; the message says whether another follows. */
  | { readonly kind: "failed"; readonly problem: LoadProblem; readonly message: string }
  /** The file is there and could not be kept for the next time. */
  | { readonly kind: "not-kept"; readonly message: string }
  /** Nothing new; the worker lives. */
  | { readonly kind: "waiting" };
