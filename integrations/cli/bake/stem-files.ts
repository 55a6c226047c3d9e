import type { Output } from "./output.ts";
import type { Bus } from "./tape.ts";
import type { Pcm } from "./tape-voice.ts";
import { createWavFile, type BitDepth, type WavFile } from "./wav-file.ts";
import type { MixSink } from "./mixdown.ts";

/** Silence is written so many frames at a time. */
const SILENCE = 65_536;

/** Writes mix and stems as files of one length; a stem that is never heard has none. */
export interface StemFiles extends MixSink {
  end(): Promise<void>;
}

export async function createStemFiles(
  output: Output,
  format: { readonly sampleRate: number; readonly bits: BitDepth },
): Promise<StemFiles> {
  const mix = await createWavFile(await output.place("mix.wav"), format);
  const stems = new Map<Bus, WavFile>();
  return {
    mix: (pcm) => mix.write(pcm),
    async stem(bus, pcm, from) {
      let file = stems.get(bus);
      if (file === undefined) {
        file = await createWavFile(await output.place(`stems/${bus}.wav`), format);
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

async function writeSilence(file: WavFile, count: number): Promise<void> {
  for (let left = count; left > 0; left -= SILENCE) {
    const silence = new Float32Array(Math.min(SILENCE, left));
    const pcm: Pcm = { left: silence, right: silence };
    await file.write(pcm);
  }
}
