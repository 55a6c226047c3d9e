/** What the benchmark uses of packages that are only there once it has run against them. */

declare module "@tensorflow/tfjs" {
  /** Resolves with whether the browser has it. */
  export function setBackend(name: string): Promise<boolean>;
  export function ready(): Promise<void>;
}

declare module "@tensorflow/tfjs-backend-wasm" {
  export function setWasmPaths(urls: Readonly<Record<string, string>>): void;
}

declare module "@magenta/music/esm/music_vae/index.js" {
  export class MusicVAE {
    constructor(checkpoint: string, spec: object);
    initialize(): Promise<void>;
    /** Temperature 0 takes the likeliest. */
    sample(
      count: number,
      temperature: number,
    ): Promise<readonly { readonly notes: readonly object[] }[]>;
  }
}
