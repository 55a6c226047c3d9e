import { builtInScore } from "../../integrations/cli/bake/built-in.ts";
import { scoreOf } from "../../integrations/cli/bake/given-score.ts";
import { createMixdown } from "../../integrations/cli/bake/mixdown.ts";
import { perform, type Players } from "../../integrations/cli/bake/performance.ts";
import type { Staff } from "../../integrations/cli/bake/staff.ts";
import { createTape, type Bus } from "../../integrations/cli/bake/tape.ts";
import type { Pcm } from "../../integrations/cli/bake/tape-voice.ts";
import { trackOf } from "../../integrations/cli/bake/track.ts";
import type { GenerationAnswer } from "../../engine/generator/service.ts";

export const SAMPLE_RATE = 44_100;
const BARS = 16;
const TEMPO = 110;
/** Seconds: sixteen bars of four quarters. */
const DURATION = (BARS * 4 * 60) / TEMPO;
const RING_OUT_SECONDS = 3.5;

/** Moods of the built-in scores from calm to driven, and below which intensity each is taken: its arousal is near. */
const MOODS = [
  { mood: "calm", below: 0.35 },
  { mood: "hopeful", below: 0.7 },
] as const;
const DRIVEN = "heroic";

/** Sixteen bars on one palette at one intensity. */
export interface Clip {
  readonly palette: string;
  readonly intensity: number;
  readonly mix: Pcm;
  /** As they leave the mixer, before the limiter. */
  readonly stems: ReadonlyMap<Bus, Pcm>;
  /** Frames until the last bar line; what follows rings out. */
  readonly musicEnds: number;
}

/** Writes what it has written before without the model: palettes ask for the same notes. */
export function remembering({ writing, rendering, settled }: Staff): Players {
  const written = new Map<string, Promise<GenerationAnswer>>();
  return {
    rendering,
    settled,
    writing: {
      ...writing,
      generate(request) {
        const { bars, given, mask, seed, passes } = request;
        const asked = JSON.stringify([bars, given, mask, seed, passes]);
        const known = written.get(asked) ?? writing.generate(request);
        written.set(asked, known);
        return known.then((answer) => ({ ...answer, id: request.id }));
      },
    },
  };
}

/** Plays a clip. The notes depend on intensity, in a mood that is as aroused, and seed, not on the palette. */
export async function playClip(
  staff: Players,
  { palette, intensity, seed }: Pick<Clip, "palette" | "intensity"> & { readonly seed: number },
): Promise<Clip> {
  const { mood } = MOODS.find(({ below }) => intensity < below) ?? { mood: DRIVEN };
  const dials = { genre: "adventure", mood, tempo: String(TEMPO), key: "D mixolydian" };
  const { name, text } = builtInScore({ ...dials, palette });
  const wish = {
    mood: undefined,
    location: undefined,
    duration: DURATION,
    loops: false,
    intensity,
    seed,
  };
  const piece = trackOf(await scoreOf(text, name), wish);
  const tape = createTape(SAMPLE_RATE);
  const length = Math.round((piece.end + RING_OUT_SECONDS) * SAMPLE_RATE);
  const mix = silence(length);
  const stems = new Map<Bus, Pcm>();
  let heard = 0;
  const mixdown = createMixdown(tape, {
    mix: (pcm) => {
      copyTo(mix, pcm, heard);
      heard += pcm.left.length;
      return Promise.resolve();
    },
    stem: (bus, pcm, from) => {
      const stem = stems.get(bus) ?? silence(length);
      stems.set(bus, stem);
      copyTo(stem, pcm, from);
      return Promise.resolve();
    },
  });
  await perform(piece, { staff, tape }, (until) => mixdown.advance(until));
  await mixdown.finish(length);
  return { palette, intensity, mix, stems, musicEnds: Math.round(piece.end * SAMPLE_RATE) };
}

const silence = (length: number): Pcm => ({
  left: new Float32Array(length),
  right: new Float32Array(length),
});

function copyTo(whole: Pcm, { left, right }: Pcm, from: number): void {
  const count = Math.max(0, whole.left.length - from);
  whole.left.set(left.subarray(0, count), from);
  whole.right.set(right.subarray(0, count), from);
}
