import { describe, expect, test } from "vitest";
import { openPitched } from "../../engine/renderer-worker/voices/pitched.ts";
import { PATCHES } from "../../engine/renderer-worker/voices/patches.ts";
import { lonelyClicks } from "../listen/lonely-clicks.ts";

const RATE = 44_100;
const SECONDS = 2;

/** Chords of a voice that change twice a second. */
function played(patch: keyof typeof PATCHES): Float32Array {
  const voice = openPitched(PATCHES[patch], RATE);
  const [left, right] = [new Float32Array(SECONDS * RATE), new Float32Array(SECONDS * RATE)];
  const half = RATE / 2;
  for (let beat = 0; beat < 2 * SECONDS; beat += 1) {
    const pitches = [48, 64, 67].map((pitch) => pitch + 2 * beat);
    for (const pitch of pitches) voice.noteOn(pitch, 90, "all");
    const [to, off] = [(beat + 1) * half, (beat + 0.8) * half];
    for (let from = beat * half; from < to; from += 63) {
      if (from <= off && off < from + 63) for (const pitch of pitches) voice.noteOff(pitch, "all");
      voice.process(left.subarray(from, from + 63), right.subarray(from, from + 63), 63);
    }
  }
  return left.map((sample) => sample / 10);
}

/** The same with a step of a height from one frame on, gone after a twentieth of a second. */
const broken = (samples: Float32Array, at: number, height: number): Float32Array =>
  samples.map((sample, frame) =>
    frame < at ? sample : sample + height * Math.exp(-(frame - at) / (RATE / 20)),
  );

describe("clicks that stand alone", () => {
  test.each(["pulse", "square", "lead", "reese"] as const)(
    "are not the edges of a %s, but a step twice as high as they",
    (patch) => {
      const samples = played(patch);
      expect(lonelyClicks(samples, RATE)).toEqual([]);
      const at = Math.round(0.83 * RATE);
      expect(lonelyClicks(broken(samples, at, 0.3), RATE).map(({ frame }) => frame)).toEqual([at]);
    },
  );

  test("are found in noise, from 40 dB below it in a pure tone", () => {
    let state = 1;
    const noise = Float32Array.from({ length: RATE }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      return (state / 2 ** 31) * 0.01;
    });
    const tone = Float32Array.from({ length: RATE }, (_, i) => 0.3 * Math.sin(i / 30));
    const at = RATE / 2;
    for (const [samples, height] of [
      [noise, 0.4],
      [tone, 0.01],
    ] as const) {
      expect(lonelyClicks(samples, RATE)).toEqual([]);
      expect(lonelyClicks(broken(samples, at, height), RATE)).toMatchObject([{ frame: at }]);
    }
  });
});
