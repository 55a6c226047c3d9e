import { describe, expect, test } from "vitest";
import { Announcer } from "../../../engine/conductor/announcer.ts";
import type { SectionCue } from "../../../engine/director/cue.ts";
import { bpm, seconds } from "../../../engine/time/units.ts";
import { mood } from "../../helpers/score.ts";

const section = (index: number, startsAt: number, tempo: number): SectionCue => ({
  kind: "section",
  index,
  startsAt: seconds(startsAt),
  entersAt: seconds(startsAt),
  cause: "transition",
  stretch: 1,
  scale: 1,
  bridge: undefined,
  tempo: bpm(tempo),
  meter: "4/4",
  visit: 0,
  mood: mood("calm"),
  location: undefined,
  palette: "plucked",
  fade: seconds(1),
  transition: undefined,
});

/** Beats at 0, 1, … 6 s, then every half second from the beat at 7 s on. */
const FIRST = section(0, 0, 60);
const SECOND = section(1, 7, 120);
/** The second section is decided half a second before it begins. */
const DECIDED = 6.5;

interface Told {
  readonly beat: string;
  readonly at: number;
  readonly toldAt: number;
}

/** What is told when the announcer is run at these times. */
function announce(times: readonly number[]): readonly Told[] {
  const told: Told[] = [];
  let now = 0;
  const announcer = new Announcer({
    beat: (of, { bar, beat, at }) =>
      told.push({ beat: `${of.index}: ${bar}.${beat}`, at, toldAt: now }),
    marker: () => undefined,
  });
  for (now of times) {
    const begun = now >= SECOND.startsAt;
    const next = now >= DECIDED && !begun ? SECOND : undefined;
    announcer.tick(begun ? SECOND : FIRST, next, seconds(now));
  }
  return told;
}

const every = (step: number, until: number): readonly number[] =>
  Array.from({ length: Math.floor(until / step) + 1 }, (_, index) => index * step);

const EXPECTED = [
  ...["0.0", "0.1", "0.2", "0.3", "1.0", "1.1", "1.2"].map((beat) => `0: ${beat}`),
  ...["0.0", "0.1", "0.2", "0.3", "1.0", "1.1"].map((beat) => `1: ${beat}`),
];

describe("the announcer", () => {
  test.each([0.01, 0.04, 0.05, 0.125, 0.333])(
    "tells each beat once, in order, across a change of tempo, when run every %s s",
    (step) => {
      const told = announce(every(step, 10)).filter(({ at }) => at < 9.6);
      expect(told.map(({ beat }) => beat)).toEqual(EXPECTED);
    },
  );

  test("tells every beat before it sounds when run every 40 ms", () => {
    for (const { at, toldAt } of announce(every(0.04, 9.6)).slice(1)) {
      expect(toldAt).toBeLessThan(at);
      expect(toldAt).toBeGreaterThan(at - 0.3);
    }
  });

  test("tells the beats of both sections once when it could not be run over the change", () => {
    const times = [...every(0.05, 5.5), ...every(0.05, 9.6).filter((now) => now > 7.6)];
    const told = announce(times).filter(({ at }) => at < 9.6);
    const beats = told.map(({ beat }) => beat);
    expect(new Set(beats).size).toBe(beats.length);
    expect(beats.filter((beat) => beat.startsWith("1:"))).toEqual(EXPECTED.slice(7));
  });
});
