import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createNovelty } from "../../engine/composer/novelty.ts";
import type { Cue } from "../../engine/director/cue.ts";
import { step } from "../../engine/director/director.ts";
import type { GameEvent } from "../../engine/director/event.ts";
import { reopeningCues } from "../../engine/director/reopening.ts";
import { restoreDirector } from "../../engine/director/restore.ts";
import { createDirectorState, type DirectorState } from "../../engine/director/state.ts";
import { readSaved } from "../../engine/saved-music-shape.ts";
import { saveMusic } from "../../engine/saved-music.ts";
import type { Score } from "../../engine/score/score.ts";
import { bpm, decibels, seconds, unitInterval, type Seconds } from "../../engine/time/units.ts";
import { ofKind, sections } from "../helpers/directing.ts";
import { mood, rule, score, stinger, transition } from "../helpers/score.ts";

const LAST_EVENT = 40;
const UNTIL = 70;

/** Seconds, evenly: doubles would be near 0 most of the time. */
const upTo = (most: number): fc.Arbitrary<Seconds> =>
  fc.integer({ min: 0, max: most * 1000 }).map((ms) => seconds(ms / 1000));
const at = upTo(LAST_EVENT);
const moods = fc.constantFrom("calm", "danger", "mystery");
const places = fc.constantFrom("meadow", "cave", "field", "grotto");
const event: fc.Arbitrary<GameEvent> = fc.oneof(
  fc.record({
    kind: fc.constant("signal" as const),
    at,
    name: fc.constant("intensity"),
    value: upTo(2).map((value) => value - 0.5),
  }),
  fc.record({ kind: fc.constant("location" as const), at, name: places }),
  fc.record({
    kind: fc.constant("blend" as const),
    at,
    weights: fc.dictionary(places, upTo(2)),
  }),
  fc.record({
    kind: fc.constant("trigger" as const),
    at,
    stinger: fc.constantFrom("alarm", "fanfare"),
  }),
  fc.record({
    kind: fc.constant("hold" as const),
    at,
    id: fc.integer({ min: 1, max: 4 }),
    mood: moods,
    priority: fc.integer({ min: -2, max: 2 }),
    lasts: fc.constantFrom(undefined, { value: 2, unit: "bars" as const }),
  }),
  fc.record({ kind: fc.constant("release-mood" as const), at, mood: moods }),
  fc.record({
    kind: fc.constant("hit" as const),
    at,
    name: fc.constantFrom("gate", "jump"),
    time: upTo(60),
    strength: fc.constant(unitInterval(0.8)),
  }),
  fc.record({ kind: fc.constant("time-scale" as const), at, scale: fc.constantFrom(0.5, 1, 1.3) }),
);
const log = fc
  .array(event, { maxLength: 30 })
  .map((events): readonly GameEvent[] => events.toSorted((a, b) => a.at - b.at));

const written: fc.Arbitrary<Score> = fc
  .record({
    sync: fc.constantFrom("immediate" as const, "beat" as const, "bar" as const, "phrase" as const),
    fade: fc.constantFrom(0, 1, 6),
    enter: fc.constantFrom(undefined, "same position" as const, "last position" as const),
    bridge: fc.constantFrom(undefined, { bars: 2, tempo: "ramp" as const }),
  })
  .map(({ sync, fade, enter, bridge }) =>
    score({
      signals: {
        intensity: {
          range: [0, 1],
          initial: 0.2,
          attack: seconds(0.3),
          release: seconds(2),
          curve: [],
          deadBand: 0,
        },
      },
      moods: [
        mood("calm"),
        mood("danger", { tempo: bpm(130), meter: "3/4" }),
        mood("mystery", { tempo: bpm(87), phrase: 6 }),
      ],
      stingers: [
        stinger("alarm", { cooldown: seconds(3), most: 1, duck: DUCK, next: "cut" }),
        stinger("fanfare", { at: "phrase", bars: 2, priority: 1 }),
      ],
      rules: [
        rule("danger", "intensity > 0.7", "intensity < 0.5", {
          dwell: { value: 1, unit: "bars" },
          cooldown: seconds(2.5),
        }),
        rule("mystery", "location is cave", "location is meadow", { priority: -1 }),
      ],
      transitions: [
        transition({ to: ["danger"], at: sync, fade: { value: fade, unit: "seconds" }, enter }),
        transition({ from: ["danger"], at: "bar", fade: { value: fade, unit: "seconds" }, bridge }),
        transition({ stinger: "alarm" }),
      ],
    }),
  );
const DUCK = { by: decibels(-4), attack: seconds(0.1), release: seconds(0.5) };

interface Going {
  readonly state: DirectorState;
  readonly cues: readonly Cue[];
}

/** Runs on from a state, in ticks that begin at `from`. */
function goOn(
  score: Score,
  start: DirectorState,
  events: readonly GameEvent[],
  span: { readonly from: number; readonly until: number; readonly tick: number },
): Going {
  let state = start;
  const cues: Cue[] = [];
  let given = 0;
  for (let index = 0; span.from + index * span.tick <= span.until; index += 1) {
    const now = seconds(span.from + index * span.tick);
    const due = events.slice(given).filter((each) => each.at <= now);
    given += due.length;
    const result = step(score, state, due, now);
    state = result.state;
    cues.push(...result.cues);
  }
  return { state, cues };
}

/** A game's music as it is at a moment between two ticks. */
function played(score: Score, events: readonly GameEvent[], moment: Seconds): DirectorState {
  const early = events.filter((each) => each.at <= moment);
  const span = { from: 0, until: moment, tick: 0.04 };
  const last = Math.floor(moment / span.tick) * span.tick;
  const { state } = goOn(score, createDirectorState(score), early, span);
  const since = early.filter((each) => each.at > last);
  return step(score, state, since, moment).state;
}

/** What the save of a game's music holds that is loaded again, as text. */
function restored(score: Score, state: DirectorState, time: number): DirectorState {
  const save = saveMusic({
    score,
    seed: 1,
    time: seconds(time),
    state,
    tunes: [],
    heard: createNovelty(),
  });
  const { director } = readSaved(JSON.parse(JSON.stringify(save)));
  return restoreDirector(score, director, seconds(time));
}

describe("music that was saved at any moment of any game", () => {
  test("has in its save all that it remembers", () => {
    fc.assert(
      fc.property(written, log, at, (score, events, moment) => {
        const state = played(score, events, moment);
        expect(restored(score, state, moment)).toEqual(state);
      }),
      { numRuns: 200 },
    );
  });

  test("goes on with the cues that it would have had", () => {
    fc.assert(
      fc.property(written, log, at, (score, events, moment) => {
        const late = events.filter((each) => each.at > moment);
        const state = played(score, events, moment);
        const span = { from: moment, until: UNTIL, tick: 0.04 };
        const without = goOn(score, state, late, span);
        const again = goOn(score, restored(score, state, moment), late, span);
        expect(again.cues).toEqual(without.cues);
      }),
      { numRuns: 200 },
    );
  });

  test("is heard within 0.7 s in the section that sounds, with every phrase up to where the next cue goes on", () => {
    fc.assert(
      fc.property(written, log, at, (score, events, moment) => {
        const state = played(score, events, moment);
        const cues = reopeningCues(score, restored(score, state, moment), moment);
        const latest = state.committed ?? state.section;
        const [first] = sections(cues);
        expect(first?.entersAt).toBeLessThanOrEqual(moment + 0.7);
        expect(sections(cues).at(-1)?.index).toBe(latest?.index);
        const phrases = ofKind(cues, "phrase").filter((cue) => cue.section === latest?.index);
        expect(phrases.at(-1)?.index).toBe(state.phrases - 1);
        for (const [place, phrase] of phrases.entries()) {
          expect(phrase.index).toBe((phrases[0]?.index ?? 0) + place);
        }
        const enters = sections(cues).at(-1)?.entersAt ?? 0;
        expect(phrases[0]?.at).toBeLessThanOrEqual(enters + 1e-6);
        expect(phrases.at(-1)?.until).toBeGreaterThan(enters);
        const levels = ofKind(cues, "layer").filter((cue) => cue.section === latest?.index);
        expect(levels.map(({ stem }) => stem)).toEqual(Object.keys(latest?.mood.stems ?? {}));
      }),
      { numRuns: 200 },
    );
  });
});
