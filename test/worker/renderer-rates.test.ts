import { describe, expect, test } from "vitest";
import { PcmCache } from "../../engine/conductor/pcm-cache.ts";
import { STEMS } from "../../engine/music/stem.ts";
import { PALETTES } from "../../engine/renderer-worker/palettes.ts";
import { createRenderer } from "../../engine/renderer-worker/renderer.ts";
import type { FrameNote } from "../../engine/renderer-worker/service.ts";
import { frames, midiPitch } from "../../engine/time/units.ts";
import {
  BAR,
  firstReaching,
  note,
  peakOf,
  readSoundfont,
  renderStretch,
} from "./renderer-fixture.ts";

const [{ voices }] = PALETTES;
const RATES = [44_100, 48_000, 96_000] as const;

describe.each(RATES)("at %i Hz", (sampleRate) => {
  const opened = createRenderer({ soundfont: readSoundfont(), sampleRate });

  test("notes and drums sound on their frame, and chunks join", async () => {
    const renderer = await opened;
    const at = Math.round(0.1 * sampleRate) + 3;
    const to = sampleRate;
    for (const stem of ["melody", "drums"] as const) {
      const notes = [note(at, Math.round(0.2 * sampleRate), stem === "drums" ? 36 : 67, 100)];
      const options = { take: `${stem} whole`, voice: voices[stem], notes };
      const whole = renderStretch(renderer, { ...options, to });
      const first = firstReaching(whole, peakOf(whole, at, at + 0.045 * sampleRate) / 10);
      // A plucked string takes its time to a tenth of its peak, a drum is brought forward to it.
      const slack = stem === "drums" ? 0.001 : 0.005;
      expect(Math.abs(first - at) / sampleRate, stem).toBeLessThan(slack);
      const half = Math.round(to / 2) + 1;
      const parts = { ...options, take: `${stem} parts` };
      const left = [
        ...renderStretch(renderer, { ...parts, to: half }).left,
        ...renderStretch(renderer, { ...parts, from: half, to }).left,
      ];
      expect(left).toEqual([...whole.left]);
    }
  });

  test("what a cache takes for the same sounds the same, to the sample", async () => {
    const renderer = await opened;
    for (const stem of STEMS) {
      const voice = voices[stem];
      const notes = BAR[stem];
      for (const share of [0.2, 0.37, 0.61, 0.8]) {
        const to = frames(share * 40_000);
        const otherwise = changedAfter(notes, to, sampleRate);
        const cache = new PcmCache(1e8);
        const request = { take: `${stem} ${share}`, voice, notes, from: frames(0), to };
        const chunk = renderer.render(request);
        cache.keep(cache.keyOf(request, sampleRate), chunk);
        const other = { ...request, take: `${stem} ${share} otherwise`, notes: otherwise };
        const found = cache.find(cache.keyOf(other, sampleRate));
        expect(found?.left, stem).toEqual(renderer.render(other).left);
        renderer.release(request.take);
        renderer.release(other.take);
      }
    }
  });
});

/** The same notes, but for what comes so long after a frame that a cache does not look at it. */
const changedAfter = (
  notes: readonly FrameNote[],
  to: number,
  sampleRate: number,
): readonly FrameNote[] => {
  const end = to + Math.ceil(0.05 * sampleRate);
  return [
    ...notes.flatMap((each) => {
      if (each.at >= end) return [{ ...each, pitch: midiPitch(each.pitch + 1) }];
      return [each.end > end ? { ...each, end: frames(each.end + 777) } : each];
    }),
    ...[end, end + 500].map((at) => note(Math.max(at, notes.at(-1)?.at ?? 0), 400, 45)),
  ];
};
