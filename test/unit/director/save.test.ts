import { describe, expect, test } from "vitest";
import type { Cue } from "../../../engine/director/cue.ts";
import { step } from "../../../engine/director/director.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { renumbered, reopeningCues } from "../../../engine/director/reopening.ts";
import { restoreDirector } from "../../../engine/director/restore.ts";
import { saveDirector } from "../../../engine/director/save.ts";
import type { DirectorState } from "../../../engine/director/state.ts";
import type { Score } from "../../../engine/score/score.ts";
import { bpm, decibels, seconds } from "../../../engine/time/units.ts";
import { directing, go, ofKind, sections, set, trigger } from "../../helpers/directing.ts";
import { mood, rule, score, stinger, transition } from "../../helpers/score.ts";

/** The cues from a moment on, of music that went through or of music that was saved then and loaded again. */
function after(
  moment: number,
  until: number,
  events: readonly GameEvent[],
  { from = score(), to = from, isSaved = false }: { from?: Score; to?: Score; isSaved?: boolean },
): { state: DirectorState; reopened: readonly Cue[]; cues: readonly Cue[] } {
  const early = events.filter(({ at }) => at <= moment);
  const begun = directing(early, moment, from).state;
  const saved = JSON.parse(JSON.stringify(saveDirector(from, begun)));
  const start = isSaved ? restoreDirector(to, saved, seconds(moment)) : begun;
  const cues: Cue[] = [];
  let state = start;
  for (let now = moment; now <= until; now += 0.05) {
    const due = events.filter(({ at }) => at > moment && at > now - 0.05 && at <= now);
    const result = step(to, state, due, seconds(now));
    state = result.state;
    cues.push(...result.cues);
  }
  return { state: start, reopened: reopeningCues(to, start, seconds(moment)), cues };
}

/** Saved with that on its way, and played on without a save. */
const both = (moment: number, until: number, events: readonly GameEvent[], written?: Score) => ({
  saved: after(moment, until, events, { ...(written && { from: written }), isSaved: true }),
  whole: after(moment, until, events, (written && { from: written }) || {}),
});

const slow = score({
  transitions: [transition({ at: "phrase", fade: { value: 4, unit: "seconds" } })],
});

describe("music that goes on from a save", () => {
  test("makes the change that was asked for and waits for its sync point", () => {
    const { saved, whole } = both(6, 40, [set(5, 0.9)], slow);
    expect(saved.state.pending).toMatchObject({ to: "danger", at: 16 });
    expect(sections(saved.cues).map(({ entersAt }) => entersAt)).toEqual([16]);
    expect(saved.cues).toEqual(whole.cues);
  });

  test("makes the change that was final and has not begun", () => {
    const { saved, whole } = both(15.7, 40, [set(5, 0.9)], slow);
    expect(saved.state.committed).toMatchObject({ mood: { name: "danger" }, entersAt: 16 });
    const again = sections(saved.reopened);
    expect(
      again.map(({ mood: { name }, entersAt }) => [name, Number(entersAt.toFixed(2))]),
    ).toEqual([
      ["calm", 16.1],
      ["danger", 16.1],
    ]);
    expect(saved.cues).toEqual(whole.cues);
  });

  test("crosses its bridge to the end", () => {
    const written = score({ transitions: [transition({ bridge: { bars: 2, tempo: "ramp" } })] });
    const { saved, whole } = both(9, 40, [set(6, 0.9)], written);
    const [bridge] = sections(saved.reopened);
    expect(bridge).toMatchObject({ startsAt: 8, bridge: { bars: 2, mood: { name: "danger" } } });
    expect(sections(saved.cues)[0]).toMatchObject({
      cause: "transition",
      mood: { name: "danger" },
    });
    expect(saved.cues).toEqual(whole.cues);
  });

  test("finishes a fade, and turns it round where the game wants back", () => {
    const { saved, whole } = both(17, 40, [set(5, 0.9), set(17.3, 0.1)], slow);
    const [old, young] = sections(saved.reopened);
    expect([old?.mood.name, young?.mood.name]).toEqual(["calm", "danger"]);
    expect(young?.fade).toBeCloseTo(2.6, 6);
    expect(ofKind(saved.cues, "reversal")).toHaveLength(1);
    expect(saved.cues).toEqual(whole.cues);
  });

  test("goes back where a fade has turned already", () => {
    const { saved, whole } = both(17.6, 40, [set(5, 0.9), set(17.3, 0.1)], slow);
    expect(saved.state.committed).toMatchObject({ mood: { name: "calm" } });
    expect(sections(saved.reopened).map(({ mood: { name } }) => name)).toEqual(["danger", "calm"]);
    expect(saved.cues).toEqual(whole.cues);
  });

  test("plays the stinger that waited, and the one that was about to begin", () => {
    const written = score({ stingers: [stinger("alarm", { at: "bar" })] });
    const waits = both(9, 20, [trigger(8.5, "alarm")], written);
    expect(ofKind(waits.saved.cues, "stinger").map(({ at }) => at)).toEqual([12]);
    expect(waits.saved.cues).toEqual(waits.whole.cues);
    const begins = both(11.7, 20, [trigger(8.5, "alarm")], written);
    expect(ofKind(begins.saved.reopened, "stinger").map(({ at }) => at)).toEqual([12]);
    expect(ofKind(begins.saved.cues, "stinger")).toEqual([]);
  });

  test("goes on with the stinger that sounds, from where it will be when it is heard", () => {
    const written = score({ stingers: [stinger("alarm", { at: "bar" })] });
    const { saved, whole } = both(12.2, 20, [trigger(8.5, "alarm")], written);
    const [cue] = ofKind(saved.reopened, "stinger");
    expect(cue).toMatchObject({ at: 12, until: 16, section: 0 });
    expect(cue?.entersAt).toBeCloseTo(12.6, 6);
    expect(saved.cues).toEqual(whole.cues);
  });

  test("hears a stinger, waiting or sounding, from where it was put", () => {
    const written = score({ stingers: [stinger("alarm", { at: "bar" })] });
    const placing = { pan: 0.7, level: decibels(-12) };
    const waits = both(9, 20, [trigger(8.5, "alarm", placing)], written);
    expect(ofKind(waits.saved.cues, "stinger")).toMatchObject([{ placing }]);
    const sounds = both(12.2, 20, [trigger(8.5, "alarm", placing)], written);
    expect(ofKind(sounds.saved.reopened, "stinger")).toMatchObject([{ placing }]);
  });

  test("leaves out what is left of a stinger that would be over at once", () => {
    const written = score({ stingers: [stinger("alarm", { at: "bar" })] });
    for (const moment of [15.4, 15.9, 16.4]) {
      const { saved } = both(moment, moment, [trigger(8.5, "alarm")], written);
      expect(ofKind(saved.reopened, "stinger")).toEqual([]);
    }
  });

  test("goes on with a stinger that rings into another mood, over what sounds by now", () => {
    const written = score({ stingers: [stinger("alarm", { at: "bar", bars: 4 })] });
    const { saved } = both(19, 19, [trigger(8.5, "alarm"), set(13, 0.9)], written);
    const [section] = sections(saved.reopened);
    expect(section?.mood.name).toBe("danger");
    const [cue] = ofKind(saved.reopened, "stinger");
    expect(cue).toMatchObject({ at: 12, until: 28, section: section?.index });
  });

  test("goes on with a stinger that is to be cut, up to there", () => {
    const written = score({
      transitions: [transition({ at: "bar" })],
      stingers: [stinger("alarm", { at: "bar", bars: 4, next: "cut" })],
    });
    const before = directing([trigger(3, "alarm"), set(6.2, 0.9)], 6.9, written).state;
    // Decided so far ahead as where timers are slow.
    const { state } = step(written, before, [], seconds(7), seconds(7.7));
    const saved = JSON.parse(JSON.stringify(saveDirector(written, state)));
    const again = restoreDirector(written, saved, seconds(7));
    const reopened = reopeningCues(written, again, seconds(7));
    expect(ofKind(reopened, "stinger")).toMatchObject([{ at: 4, until: 20 }]);
    expect(ofKind(reopened, "stinger-cut")).toMatchObject([{ id: 0, at: 8 }]);
  });

  test("plans the phrases ahead for the intensity that they had", () => {
    const { saved } = both(20, 20, [set(0, 0.3), set(19, 0.6)]);
    const phrases = ofKind(saved.reopened, "phrase");
    expect(phrases.map(({ index, intensity }) => [index, intensity])).toEqual([
      [1, 0],
      [2, 0.3],
    ]);
  });

  test("has the levels and the colour that it had, at once", () => {
    const { saved } = both(20, 20, [set(0, 0.42), go(3, "cave")]);
    const { layers, colour } = saved.state;
    const levels = ofKind(saved.reopened, "layer");
    expect(levels.every(({ ramp }) => ramp === 0)).toBe(true);
    expect(Object.fromEntries(levels.map(({ stem, gain }) => [stem, gain]))).toEqual(layers);
    expect(ofKind(saved.reopened, "colour")).toMatchObject([{ ramp: 0, palette: colour?.palette }]);
  });

  test("tells again where a hit point will land", () => {
    const hit: GameEvent = {
      kind: "hit",
      at: seconds(3),
      name: "gate",
      time: seconds(22.3),
      strength: 0.8 as never,
    };
    const { saved, whole } = both(12, 40, [hit]);
    expect(ofKind(saved.reopened, "hit")).toMatchObject([{ name: "gate", wanted: 22.3 }]);
    expect(sections(saved.cues).map(({ cause }) => cause)).toContain("hit");
    expect(saved.cues).toEqual(whole.cues);
  });

  test("counts the time of a hold from when its mood began", () => {
    const hold: GameEvent = {
      kind: "hold",
      at: seconds(1),
      id: 1,
      mood: "mystery",
      priority: 0,
      lasts: { value: 10, unit: "seconds" },
    };
    const { saved, whole } = both(9, 40, [hold]);
    expect(saved.state.holds).toMatchObject([{ lasts: 10, since: expect.closeTo(4.05, 6) }]);
    expect(saved.cues).toEqual(whole.cues);
  });

  test("has its sections and stingers under numbers that nothing had before, near those that it had", () => {
    const { saved } = both(17, 17, [set(5, 0.9)], slow);
    const before = directing([set(1, 0.9), set(9, 0.1), set(20, 0.9)], 60, slow).state;
    const { section, fading, sections: counted, ahead } = renumbered(saved.state, before);
    expect(fading?.section.index).toBe(before.sections);
    expect(section?.index).toBe(before.sections + 1);
    expect(counted).toBe(before.sections + 2);
    expect(new Set(ahead.map((phrase) => phrase.section))).toEqual(
      new Set([before.sections, before.sections + 1]),
    );
    expect(renumbered(saved.state, directing([], 0).state)).not.toBe(saved.state);
  });

  test("keeps its numbers where they are free", () => {
    const { saved } = both(17, 17, [set(5, 0.9)], slow);
    const fresh = { ...saved.state, sections: 0 };
    expect(renumbered(saved.state, fresh)).toEqual(saved.state);
  });
});

describe("music that goes on from a save in an edited score", () => {
  const danger = rule("danger", "intensity > 0.7", "intensity < 0.5");
  const mystery = rule("mystery", "location is cave", "location is meadow", { priority: 1 });
  const edited = (changes: Partial<Score>): DirectorState =>
    after(20, 20, [set(5, 0.9)], {
      from: score({ rules: [danger, mystery] }),
      to: score({ rules: [danger, mystery], ...changes }),
      isSaved: true,
    }).state;

  test("finds its rules again wherever they stand now", () => {
    expect(edited({ rules: [mystery, danger] }).rules.map(({ holds }) => holds)).toEqual([
      false,
      true,
    ]);
    expect(edited({ rules: [mystery] }).rules.map(({ holds }) => holds)).toEqual([false]);
    const other = rule("danger", "intensity > 0.6", "intensity < 0.5");
    expect(edited({ rules: [other] }).rules.map(({ holds }) => holds)).toEqual([false]);
  });

  test("tells equal rules apart by their order", () => {
    const twice = score({ rules: [danger, { ...danger, priority: 2 }] });
    const { state } = after(20, 20, [set(5, 0.9)], { from: twice, isSaved: true });
    expect(state.rules.map(({ holds }) => holds)).toEqual([true, true]);
  });

  test("goes on at the same bar in the new tempo, and forgets what hung on the old grid", () => {
    const moods = [mood("calm"), mood("danger", { tempo: bpm(90) }), mood("mystery")];
    const { section, pending, phrases, ahead } = edited({ moods });
    const as = edited({});
    expect(section?.tempo).toBe(90);
    const barOf = ({ startsAt, tempo }: { startsAt: number; tempo: number }): number =>
      ((20 - startsAt) * tempo) / 240;
    expect(barOf(section ?? { startsAt: 0, tempo: 0 })).toBeCloseTo(
      barOf(as.section ?? { startsAt: 0, tempo: 0 }),
      6,
    );
    expect({ pending, ahead, phrases }).toEqual({ pending: undefined, ahead: [], phrases: 1 });
  });

  test("asks the score where the mood is gone", () => {
    const moods = [mood("calm"), mood("mystery")];
    const state = edited({ moods, rules: [], transitions: [transition()] });
    expect(state.section).toBeUndefined();
    const { cues } = step(
      score({ moods, rules: [], transitions: [transition()] }),
      state,
      [],
      seconds(20.1),
    );
    expect(sections(cues)).toMatchObject([{ cause: "opening", mood: { name: "calm" } }]);
  });

  test("chooses its change again where the sync point is another", () => {
    const state = after(6, 6, [set(5, 0.9)], {
      from: slow,
      to: score({ transitions: [transition({ at: "bar" })] }),
      isSaved: true,
    }).state;
    expect(state.pending).toBeUndefined();
  });
});
