/**
 * What the demo game takes for `attacca` in a build that is watched: the very engine, whose soundtracks are
 * shown to `watch.ts`. With `?silent` in the page's address no music begins.
 */
import {
  createSoundtrack as create,
  type Soundtrack,
  type SoundtrackOptions,
} from "../../../engine/index.ts";
import { watchMusic } from "./watch.ts";

export * from "../../../engine/index.ts";

const isSilent = new URLSearchParams(location.search).has("silent");

export async function createSoundtrack(options: SoundtrackOptions): Promise<Soundtrack> {
  if (isSilent) return withoutStart(await create({ ...options, quality: "bank-only" }));
  const music = await create(options);
  watchMusic(music);
  return music;
}

const withoutStart = (music: Soundtrack): Soundtrack =>
  new Proxy(music, {
    get: (of, name): unknown => {
      if (name === "start") return () => Promise.resolve();
      const value: unknown = Reflect.get(of, name);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
