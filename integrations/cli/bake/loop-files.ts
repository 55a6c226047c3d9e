import { limiterDelay } from "../../../engine/audio/limiter-curve.ts";
import { createLimiter } from "./limiter.ts";
import type { Output } from "./output.ts";
import type { Around, Format } from "./sound-file.ts";
import { createStemFiles, type StemFiles } from "./stem-files.ts";
import type { Bus } from "./tape.ts";
import type { Pcm } from "./tape-voice.ts";

/** What one writes at a time. */
const STRETCH = 65_536;

/**
 * Writes a piece that goes on from its end to its beginning. What rings out after the end is laid over the
 * beginning, as it would be heard there the second time round; the mix is the second round through the
 * limiter. It is kept in memory until it ends: 350 kB a second and stem.
 */
export function createLoopFiles(output: Output, format: Format, length: number): StemFiles {
  const stems = new Map<Bus, Pcm>();
  return {
    mix: () => Promise.resolve(),
    stem: (bus, pcm, from) => {
      const stem = stems.get(bus) ?? silence(length);
      stems.set(bus, stem);
      foldInto(stem, pcm, from);
      return Promise.resolve();
    },
    async end() {
      const sum = silence(length);
      for (const stem of stems.values()) foldInto(sum, stem, 0);
      const mix = limitedRound(sum, format.sampleRate);
      const files = await createStemFiles(output, format, (bus) =>
        roundOf(bus === "mix" ? mix : stems.get(bus)),
      );
      for (let from = 0; from < length; from += STRETCH) {
        await files.mix(stretch(mix, from));
        for (const [bus, stem] of stems) await files.stem(bus, stretch(stem, from), from);
      }
      await files.end();
    },
  };
}

/** A loop is heard before and after itself. */
const roundOf = (loop: Pcm | undefined): Around | undefined =>
  loop === undefined ? undefined : { before: loop, after: loop };

const silence = (length: number): Pcm => ({
  left: new Float32Array(length),
  right: new Float32Array(length),
});

/** Adds a stretch that begins at `from`; what lies beyond the end comes to lie at the beginning. */
function foldInto(loop: Pcm, pcm: Pcm, from: number): void {
  const { length } = loop.left;
  for (let i = 0; i < pcm.left.length; i += 1) {
    const at = (from + i) % length;
    loop.left[at] = (loop.left[at] ?? 0) + (pcm.left[i] ?? 0);
    loop.right[at] = (loop.right[at] ?? 0) + (pcm.right[i] ?? 0);
  }
}

/** The limiter has heard the whole loop once before the round that is kept. */
function limitedRound(sum: Pcm, sampleRate: number): Pcm {
  const limit = createLimiter(sampleRate);
  const { length } = sum.left;
  const delay = limiterDelay(sampleRate);
  const rounds = silence(2 * length + delay);
  for (const from of [0, length, 2 * length]) {
    rounds.left.set(sum.left.subarray(0, rounds.left.length - from), from);
    rounds.right.set(sum.right.subarray(0, rounds.right.length - from), from);
  }
  limit(rounds.left, rounds.right);
  const [from, to] = [length + delay, 2 * length + delay];
  return { left: rounds.left.subarray(from, to), right: rounds.right.subarray(from, to) };
}

const stretch = ({ left, right }: Pcm, from: number): Pcm => ({
  left: left.slice(from, from + STRETCH),
  right: right.slice(from, from + STRETCH),
});
