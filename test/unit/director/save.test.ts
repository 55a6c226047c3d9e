import { describe, expect, test } from "vitest";
import type { Cue } from "../../../engine/director/cue.ts";
import { step } from "../../../engine/director/director.ts";
import { restoreDirector, saveDirector } from "../../../engine/director/save.ts";
import { bpm, seconds } from "../../../engine/time/units.ts";
import { directing, go, sections, set } from "../../helpers/directing.ts";
import { mood, score, transition } from "../../helpers/score.ts";

const written = score({
  moods: [mood("calm", { tempo: bpm(96) }), mood("danger", { tempo: bpm(132) }), mood("mystery")],
  transitions: [transition({ at: "phrase" })],
});

/** Goes on from a save as a game does that has been started again. */
function goOn(until: number, events: Parameters<typeof step>[2]) {
  const { state } = directing([], 61.3, written);
  const saved = saveDirector(state, seconds(61.3));
  const restored = restoreDirector(written, saved, seconds(61.3));
  const cues: Cue[] = [];
  let after = restored;
  for (let now = 61.3; now <= until; now += 0.05) {
    const due = events.filter(({ at }) => at > now - 0.05 && at <= now);
    const result = step(written, after, due, seconds(now));
    after = result.state;
    cues.push(...result.cues);
  }
  return { restored, cues };
}

describe("music that goes on from a save", () => {
  test("has its sync points where they were", () => {
    const events = [go(79.6, "cave"), set(130, 0.9)];
    const whole = sections(directing(events, 160, written).cues);
    const later = sections(goOn(160, events).cues);
    expect(
      later.slice(1).map(({ mood: { name }, entersAt }) => [name, entersAt.toFixed(6)]),
    ).toEqual(whole.slice(1).map(({ mood: { name }, entersAt }) => [name, entersAt.toFixed(6)]));
  });

  test("is saved again before it has sounded, in the same place", () => {
    const { restored } = goOn(61.3, []);
    expect(saveDirector(restored, seconds(61.3)).place).toMatchObject({ mood: "calm", visit: 0 });
  });
});
