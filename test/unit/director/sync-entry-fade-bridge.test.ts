import { describe, expect, test } from "vitest";
import type { Score, Transition } from "../../../engine/score/score.ts";
import { barsUntil, timeOfBar } from "../../../engine/time/section.ts";
import type { Entry, SyncPoint } from "../../../engine/time/sync-point.ts";
import { bpm } from "../../../engine/time/units.ts";
import { direct, sections, set } from "../../helpers/directing.ts";
import { mood, score, transition } from "../../helpers/score.ts";

const RATE = 48_000;
/** Danger is asked for here, which is seen at 9.4 s: `calm` is then at bar 2, beat 1.4 at 60 bpm. */
const ASKED = 9.38;

/** When each sync point is first met half a second after that, by hand. */
const SYNCS: readonly (readonly [SyncPoint, number])[] = [
  ["immediate", 9.9],
  ["beat", 10],
  ["bar", 12],
  ["phrase", 16],
  ["3 bars", 12],
  ["7 beats", 14],
  ["marker", 10.5],
  ["marker late", 12.5],
];
/** Danger was never left before, so `last position` is its beginning. */
const ENTRIES: readonly Entry[] = ["start", "same position", "equivalent beat", "last position"];
const FADES: readonly [Transition["fade"], number][] = [
  [{ value: 0, unit: "beats" }, 0],
  [{ value: 1, unit: "beats" }, 0.5],
  [{ value: 1, unit: "bars" }, 2],
  [{ value: 400 / 1000, unit: "seconds" }, 0.4],
];
const BRIDGES: readonly Transition["bridge"][] = [
  undefined,
  { bars: 1, tempo: "step" },
  { bars: 2, tempo: "ramp" },
];

const written = (changes: Partial<Transition>): Score =>
  score({
    moods: [
      mood("calm", {
        markers: [
          { name: "early", at: { value: 2.625, unit: "bars" } },
          { name: "late", at: { value: 12.5, unit: "beats" } },
        ],
      }),
      mood("danger", { tempo: bpm(120) }),
      mood("mystery"),
    ],
    transitions: [transition({ from: ["calm"], to: ["danger"], ...changes }), transition()],
  });

/** What a bridge adds, at 60 bpm in 4/4: two bars up to 120 bpm take 8 s · ln 2. */
const lengthOf = (bridge: Transition["bridge"]): number =>
  bridge === undefined ? 0 : bridge.tempo === "step" ? 4 : 8 * Math.LN2;

const CASES = SYNCS.flatMap(([at, leaves]) =>
  ENTRIES.flatMap((enter) =>
    FADES.flatMap(([fade, fadeSeconds]) =>
      BRIDGES.map((bridge) => ({ at, leaves, enter, fade, fadeSeconds, bridge })),
    ),
  ),
);

/** Bars into danger at which it is entered, by hand: calm is left at `leaves` s, a bar of it lasts 4 s. */
function entryBar(enter: Entry, leaves: number, bridge: Transition["bridge"]): number {
  // A bridge is left at the end of its last bar.
  const bars = bridge === undefined ? leaves / 4 : bridge.bars;
  const within = bars % 1;
  switch (enter) {
    case "start":
    case "last position":
      return 0;
    case "equivalent beat":
      return within;
    case "same position":
      return (Math.floor(bars) % 4) + within;
  }
}

describe("sync point, entry, fade and bridge", () => {
  test.each(CASES)(
    "$at, $enter, fade $fade.value $fade.unit, bridge $bridge.bars: to the frame",
    ({ at, leaves, enter, fade, fadeSeconds, bridge }) => {
      const cues = direct([set(ASKED, 0.9)], 40, written({ at, enter, fade, bridge }));
      const [, ...later] = sections(cues);
      const danger = later.find(({ mood: { name } }) => name === "danger");
      if (danger === undefined) throw new Error("danger never began");
      const left = bridge === undefined ? danger : later[0];
      const frame = (time: number): number => Math.round(time * RATE);
      expect(frame(left?.entersAt ?? 0)).toBe(frame(leaves));
      expect(frame(danger.entersAt)).toBe(frame(leaves + lengthOf(bridge)));
      expect(later).toHaveLength(bridge === undefined ? 1 : 2);
      // What a bridge leaves rings on for a second at most.
      const longest = bridge === undefined ? fadeSeconds : Math.min(fadeSeconds, 1);
      expect(danger.fade).toBeCloseTo(longest, 9);
      expect(barsUntil(danger, danger.entersAt)).toBeCloseTo(entryBar(enter, leaves, bridge), 9);
      expect(frame(timeOfBar(danger, entryBar(enter, leaves, bridge)))).toBe(
        frame(danger.entersAt),
      );
    },
  );

  test("covers every combination", () => {
    expect(CASES).toHaveLength(8 * 4 * 4 * 3);
  });

  test("last position goes on in the tune and bar where the mood was left", () => {
    const back = score({
      transitions: [
        transition({ to: ["danger"], at: "bar", fade: { value: 0, unit: "beats" } }),
        transition({ to: ["calm"], at: "bar", enter: "last position" }),
        transition(),
      ],
    });
    const [, , calm] = sections(direct([set(9.4, 0.9), set(20, 0.1)], 40, back));
    if (calm === undefined) throw new Error("calm never came back");
    expect(calm.visit).toBe(0);
    expect(barsUntil(calm, calm.entersAt)).toBeCloseTo(3, 9);
  });

  test("the same mood in another place goes on in the same tune on its instruments", () => {
    const [first, second] = sections(
      direct([{ kind: "location", at: set(5, 0).at, name: "grotto" }], 20),
    );
    expect(second?.palette).toBe("glass");
    expect(second?.visit).toBe(first?.visit);
    expect(second?.startsAt).toBe(first?.startsAt);
    expect(second?.entersAt).toBe(8);
  });
});
