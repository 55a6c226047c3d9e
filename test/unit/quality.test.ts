import { expect, test } from "vitest";
import { createEmitter } from "../../engine/emitter.ts";
import { LIMITS, type Limits } from "../../engine/governor/tier.ts";
import { QualityKeeper } from "../../engine/quality.ts";
import { Reporter } from "../../engine/reporter.ts";
import { createGeneratorRecord } from "../../engine/snapshot.ts";
import { createDirectorState } from "../../engine/director/state.ts";
import type { Quality, SoundtrackEvents } from "../../engine/soundtrack-interface.ts";
import { milliseconds } from "../../engine/time/units.ts";
import { takeSpec } from "../helpers/authored.ts";
import { mood, score } from "../helpers/score.ts";

const SCORE = score({
  takes: [takeSpec()],
  moods: [mood("calm", { takes: { drums: "beat" } }), mood("danger"), mood("mystery")],
});

function keeper(wish: Quality) {
  const applied: Limits[] = [];
  const emitter = createEmitter<SoundtrackEvents>(() => undefined);
  const reporter = new Reporter(emitter);
  const quality = new QualityKeeper({
    wish,
    score: SCORE,
    conductor: { state: createDirectorState(SCORE) },
    apply: (limits) => applied.push(limits),
    generator: createGeneratorRecord(),
    emitter,
    reporter,
    clock: () => milliseconds(0),
  });
  return { applied, emitter, reporter, quality };
}

test("what the tier allows is said once at the beginning, so that what it forbids is never begun", () => {
  expect(keeper("authored-only").applied).toEqual([LIMITS["authored-only"]]);
  expect(keeper("auto").applied).toEqual([LIMITS.full]);
});

test("a game that asks for authored takes alone is warned once of each mood that has none", async () => {
  const { emitter, reporter, quality } = keeper("authored-only");
  const warnings: string[] = [];
  emitter.on("warning", ({ code, message }) => warnings.push(`${code} ${message}`));
  await new Promise((resolve) => setTimeout(resolve));
  expect(warnings).toEqual([
    'not-authored mood "danger" has no authored take: in authored-only it rests',
    'not-authored mood "mystery" has no authored take: in authored-only it rests',
  ]);
  quality.want("full");
  quality.want("authored-only");
  await new Promise((resolve) => setTimeout(resolve));
  expect(warnings).toHaveLength(2);
  expect(reporter.counters["warning-not-authored"]).toBe(4);
});
