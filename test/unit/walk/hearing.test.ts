import { expect, test } from "vitest";
import { carried } from "../../../engine/theme/carry.ts";
import { unitInterval } from "../../../engine/time/units.ts";
import { mood, score } from "../../helpers/score.ts";
import { themeOf } from "../../helpers/theme.ts";
import { cueList } from "../../walk/figures.ts";
import { hear } from "../../walk/hearing.ts";
import type { Moment, Tune } from "../../walk/page/watch.ts";
import type { Walked } from "../../walk/walk.ts";

const RATE = 8000;
const SECONDS = 4;
const FROM = 100;
const KEY = { tonic: 2, mode: "dorian" } as const;
const theme = carried(themeOf("D4 1/4, F4 1/4, A4 1/4, G4 1/4", KEY));
const themed = mood("wander", {
  key: KEY,
  theme: {
    name: "hero",
    likeness: [unitInterval(0.5), unitInterval(0.8)],
    register: 0,
    density: "all",
  },
});
const written = score({ moods: [themed] });

/** A tone, broken at these seconds. */
function recordingWith(breaks: readonly number[]) {
  const left = Float32Array.from({ length: SECONDS * RATE }, (_, frame) => {
    const jumps = breaks.filter((at) => frame >= at * RATE).length;
    return 0.2 * Math.sin((2 * Math.PI * 220 * frame) / RATE + 1.5 * jumps);
  });
  const indexOf = (time: number): number => Math.round(time * RATE);
  return { left, right: left, sampleRate: RATE, startFrame: 0, gaps: [], indexOf };
}

const moment = (at: number, stems: readonly string[], name = "wander"): Moment => ({
  at: FROM + at,
  mood: name,
  stems,
  screen: "walk",
});

const walked = (changes: Partial<Walked>): Walked => ({
  browser: "",
  taped: { sampleRate: RATE, from: FROM, frames: SECONDS * RATE, gaps: [] },
  cues: [],
  moments: [],
  tunes: [],
  faults: [],
  counters: {},
  drawn: undefined as never,
  silent: undefined as never,
  memory: [],
  weight: { page: 0, heavy: 0 },
  lanterns: "0",
  ...changes,
});

const heard = (changes: Partial<Walked>, breaks: readonly number[] = []) =>
  hear(walked(changes), recordingWith(breaks), written, theme);

test("what thins the music counts while one walks and nothing threatens", () => {
  const { thin, stems } = heard({
    moments: [
      moment(0, []),
      moment(1, ["harmony"]),
      moment(2, ["melody", "harmony"]),
      moment(3, ["melody", "harmony", "bass"]),
      moment(3.5, ["drums"], "danger"),
      { ...moment(3.6, []), screen: "title" },
    ],
  });
  expect(thin).toEqual({ share: 0.5, seconds: 1 });
  expect(stems).toBe(1.5);
});

test("a break of the wave counts as one of a seam where a phrase begins, else as one of its own", () => {
  const cues = [{ at: FROM + 2, kind: "phrase", what: "1 (A)" }] as const;
  expect(heard({ cues })).toMatchObject({ clicks: 0, clicksAtSeams: 0, seams: 1 });
  const broken = heard({ cues }, [2.01, 3]);
  expect(broken.clicks).toBeGreaterThan(1);
  expect(broken.clicksAtSeams).toBeGreaterThan(0);
  expect(broken.clicksAtSeams).toBeLessThan(broken.clicks);
});

test("a phrase that states the theme is compared with it in the key and for the bars of its mood", () => {
  const { melody } = theme.fit({ key: KEY, meter: "4/4", bars: 4, register: 0, density: "all" });
  const tune: Tune = { at: FROM, mood: "wander", role: "A", bars: 4, melody };
  const { themes } = heard({ tunes: [tune, { ...tune, role: "B", melody: [] }] });
  expect(themes).toEqual([
    { mood: "wander, D dorian", phrases: 1, onsetsKept: 1, contour: 1, wanted: [0.5, 0.8] },
  ]);
});

test("the cue list tells in order what is heard in the recording, by minutes of it", () => {
  const list = cueList(
    walked({
      cues: [
        { at: FROM + 2.5, kind: "stinger", what: "owl (model)" },
        { at: FROM + 1, kind: "mood", what: "wander, from title" },
        { at: FROM + 99, kind: "mood", what: "never" },
      ],
    }),
  );
  expect(list).toBe("0:01.00  mood        wander, from title\n0:02.50  stinger     owl (model)\n");
});
