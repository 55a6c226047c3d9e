import type { Pcm } from "./conductor/cut-take.ts";
import type { FileReader } from "./file-reader.ts";
import { durationOf } from "./score/take-fit.ts";
import type { Score, TakeSpec } from "./score/score.ts";
import type { FaultCode } from "./soundtrack-interface.ts";
import { gainOf, seconds, type Seconds } from "./time/units.ts";

export interface AuthoredFileUse {
  readonly read: FileReader;
  /** Rejects with an `Error` that says why a file cannot be decoded, or is longer than `most`. */
  readonly decode: (bytes: Uint8Array, most: Seconds) => Promise<Pcm>;
  /** Of what is decoded, hertz. */
  readonly sampleRate: number;
  /** `undefined`: it cannot be had. */
  readonly decoded: (name: string, pcm: Pcm | undefined) => void;
  readonly fault: (code: FaultCode, message: string) => void;
}

/** What is decoded of one file before its take is cut out of it: as long as all takes together may be. */
const LONGEST = seconds(600);
/** Encoders round to their own frames: a file that ends so much early is still whole. */
const MISSING = 0.05;

/**
 * Reads and decodes the audio files of the takes that anything plays, in the background. Where one cannot
 * be had or is too short for its bars, what would play it is generated.
 */
export async function readAuthoredFiles(
  score: Score,
  { read, decode, sampleRate, decoded, fault }: AuthoredFileUse,
): Promise<void> {
  const played = namesIn(score);
  await Promise.all(
    score.takes
      .filter(({ name }) => played.has(name))
      .map(async (take) => {
        try {
          const bytes = await read(take.file);
          const given = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
          const pcm = await decode(given, LONGEST);
          decoded(take.name, fitted(take, pcm, sampleRate));
        } catch (error) {
          decoded(take.name, undefined);
          const reason = error instanceof Error ? error.message : String(error);
          fault("take-unavailable", `take "${take.name}", ${take.file}: ${reason}`);
        }
      }),
  );
}

/** The takes that moods, bridges and stingers play. */
const namesIn = ({ moods, transitions, stingers }: Score): ReadonlySet<string | undefined> =>
  new Set([
    ...moods.flatMap((mood) => Object.values(mood.takes)),
    ...transitions.flatMap(({ bridge }) => Object.values(bridge?.parts?.takes ?? {})),
    ...stingers.map(({ take }) => take?.name),
  ]);

/** As much of a file as its take has, at its level. Throws `Error` for a file that ends before the take's bars. */
function fitted(take: TakeSpec, pcm: Pcm, sampleRate: number): Pcm {
  const whole = durationOf(take);
  const needed = whole - take.tail;
  const there = pcm.left.length / sampleRate;
  if (there < needed - MISSING) {
    const wanted = `${needed.toFixed(2)} s, which its entry and ${take.bars} bars at ${take.tempo} need`;
    throw new Error(`it lasts ${there.toFixed(2)} s, expected at least ${wanted}`);
  }
  // A frame more, as a round of the loop may be rounded up.
  const length = Math.ceil(whole * sampleRate) + 1;
  const gain = gainOf(take.level);
  const side = (samples: Pcm["left"]): Pcm["left"] =>
    samples.slice(0, length).map((sample) => sample * gain);
  const left = side(pcm.left);
  return { left, right: pcm.right === pcm.left ? left : side(pcm.right) };
}
