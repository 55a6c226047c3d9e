import type { Output } from "./output.ts";
import { createSoundFile, type Around, type Format, type SoundFile } from "./sound-file.ts";
import type { Bus } from "./tape.ts";
import type { Pcm } from "./tape-voice.ts";
import type { MixSink } from "./mixdown.ts";

/** Silence is written so many frames at a time. */
const SILENCE = 65_536;

/** Writes mix and stems as files of one length; a stem that is never heard has none. */
export interface StemFiles extends MixSink {
  end(): Promise<void>;
}

/** `aroundOf` tells what would be heard before and after the mix or a stem; default: silence. */
export async function createStemFiles(
  output: Output,
  format: Format,
  aroundOf: (bus: Bus | "mix") => Around | undefined = () => undefined,
): Promise<StemFiles> {
  const create = async (name: string, bus: Bus | "mix"): Promise<SoundFile> =>
    createSoundFile(await output.create(`${name}.${format.encoding.kind}`), format, aroundOf(bus));
  const mix = await create("mix", "mix");
  const stems = new Map<Bus, SoundFile>();
  return {
    mix: (pcm) => mix.write(pcm),
    async stem(bus, pcm, from) {
      let file = stems.get(bus);
      if (file === undefined) {
        file = await create(`stems/${bus}`, bus);
        stems.set(bus, file);
        await writeSilence(file, from);
      }
      await file.write(pcm);
    },
    async end() {
      for (const file of [mix, ...stems.values()]) await file.end();
    },
  };
}

async function writeSilence(file: SoundFile, count: number): Promise<void> {
  for (let left = count; left > 0; left -= SILENCE) {
    const silence = new Float32Array(Math.min(SILENCE, left));
    const pcm: Pcm = { left: silence, right: silence };
    await file.write(pcm);
  }
}
