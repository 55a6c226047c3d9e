import { describe, expect, test } from "vitest";
import { PcmCache } from "../../../engine/conductor/pcm-cache.ts";
import type {
  FrameNote,
  RenderRequest,
  SampledVoice,
} from "../../../engine/renderer-worker/service.ts";
import { frames, midiPitch, velocity } from "../../../engine/time/units.ts";

const SAMPLE_RATE = 8000;
const BAR = 8000;

const note = (at: number, length = 1000, pitch = 60): FrameNote => ({
  at: frames(at),
  end: frames(at + length),
  pitch: midiPitch(pitch),
  velocity: velocity(90),
});

const VOICE: SampledVoice = { kind: "sampled", bank: 0, program: 12, gain: 1, pan: 0 };

const asked = (
  notes: readonly FrameNote[],
  changes: Partial<RenderRequest> = {},
): RenderRequest => ({
  take: "0.0:melody",
  voice: VOICE,
  notes,
  from: frames(0),
  to: frames(BAR),
  ...changes,
});

const silence = (length = BAR) => ({
  left: new Float32Array(length),
  right: new Float32Array(length),
});

/** A cache that holds what was rendered for a request. */
function holding(request: RenderRequest) {
  const cache = new PcmCache(1e6);
  const pcm = silence();
  cache.keep(cache.keyOf(request, SAMPLE_RATE), pcm);
  return {
    pcm,
    found: (other: RenderRequest, rate = SAMPLE_RATE) => cache.find(cache.keyOf(other, rate)),
  };
}

describe("what is kept", () => {
  const first = note(0);
  const last = note(7000, 3000);

  test("is found for the same notes under another name", () => {
    const { pcm, found } = holding(asked([first, last]));
    expect(found(asked([first, last], { take: "7.2:melody" }))?.left).toBe(pcm.left);
  });

  test("is not found for notes that are plucked, or an instrument that plucks them otherwise", () => {
    const { found } = holding(asked([first]));
    expect(found(asked([{ ...first, plucked: true }]))).toBeUndefined();
    const plucked = { bank: 0, program: 45, gain: 1 };
    expect(found(asked([first], { voice: { ...VOICE, plucked } }))).toBeUndefined();
  });

  test("is found though the take goes on otherwise", () => {
    const { found } = holding(asked([first, last, note(9000)]));
    expect(found(asked([first, last, note(9000, 1000, 67), note(12_000)]))).toBeDefined();
    expect(found(asked([first, note(7000, 5000)]))).toBeDefined();
  });

  test("is not found where a note before its end differs, or one that is struck a little early", () => {
    const { found } = holding(asked([first, last]));
    expect(found(asked([first, note(7001, 3000)]))).toBeUndefined();
    expect(found(asked([note(0, 999), last]))).toBeUndefined();
    expect(found(asked([note(0, 1000, 61), last]))).toBeUndefined();
    expect(found(asked([first, last, note(BAR + 100)]))).toBeUndefined();
  });

  test("is not found for another stretch, voice or sample rate", () => {
    const { found } = holding(asked([first]));
    expect(found(asked([first], { from: frames(1) }))).toBeUndefined();
    expect(found(asked([first], { to: frames(BAR + 1) }))).toBeUndefined();
    for (const voice of [
      { ...VOICE, pan: 0.1 },
      { ...VOICE, width: 0.5 },
      { ...VOICE, tone: { lowCut: 100 } },
      { ...VOICE, kind: "synthesised", patch: "bell" } as const,
      { ...VOICE, kind: "synthesised", patch: "pluck" } as const,
    ]) {
      expect(found(asked([first], { voice }))).toBeUndefined();
    }
    expect(found(asked([first]), 48_000)).toBeUndefined();
  });
});

describe("the budget", () => {
  const chunk = 2 * 4 * BAR;

  test("is never exceeded, and what was wanted longest ago goes first", () => {
    const cache = new PcmCache(3.5 * chunk);
    for (const key of ["a", "b", "c"]) cache.keep(key, silence());
    expect(cache.find("a")).toBeDefined();
    cache.keep("d", silence());
    expect(cache.find("b")).toBeUndefined();
    for (const key of ["a", "c", "d"]) expect(cache.find(key), key).toBeDefined();
    for (let index = 0; index < 100; index += 1) {
      cache.keep(`long ${index}`, silence(BAR * (1 + (index % 3))));
      expect(cache.kept).toBeLessThanOrEqual(cache.budget);
    }
  });

  test("gives what it has no room for to who may use its memory", () => {
    const cache = new PcmCache(1.5 * chunk);
    const [a, b] = [silence(), silence()];
    expect(cache.keep("a", a)).toEqual([]);
    expect(cache.keep("b", b)).toEqual([a]);
    expect(cache.keep("b", silence())).toEqual([b]);
  });

  test("counts a chunk once, however often it is rendered", () => {
    const cache = new PcmCache(10 * chunk);
    cache.keep("a", silence());
    const { kept } = cache;
    cache.keep("a", silence());
    expect(cache.kept).toBe(kept);
    expect(cache.rendered).toBe(2);
  });

  test("of nothing keeps nothing", () => {
    const cache = new PcmCache(0);
    cache.keep("a", silence());
    expect(cache.find("a")).toBeUndefined();
    expect(cache.kept).toBe(0);
  });

  test("is free again once the music is over", () => {
    const cache = new PcmCache(10 * chunk);
    cache.keep("a", silence());
    cache.clear();
    expect(cache.kept).toBe(0);
    expect(cache.find("a")).toBeUndefined();
  });
});
