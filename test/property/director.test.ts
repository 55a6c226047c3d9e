import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cue, SectionCue } from "../../engine/director/cue.ts";
import { step } from "../../engine/director/director.ts";
import type { GameEvent } from "../../engine/director/event.ts";
import { desiredTarget } from "../../engine/director/rules.ts";
import { saveDirector } from "../../engine/director/save.ts";
import { createDirectorState, type DirectorState } from "../../engine/director/state.ts";
import { gridOf, soundsAlike } from "../../engine/director/transitions.ts";
import type { Score } from "../../engine/score/score.ts";
import { nextSyncPoint } from "../../engine/time/sync-point.ts";
import { timeOfBar } from "../../engine/time/section.ts";
import { bpm, decibels, seconds, unitInterval } from "../../engine/time/units.ts";
import { ofKind, sections } from "../helpers/directing.ts";
import { mood, rule, score, stinger, transition } from "../helpers/score.ts";

/** Seconds after the last event in which much can still happen. */
const QUIET = 60;
/** Long enough for every dwell, cooldown, hold, hit point, bridge and sync point at a quarter of the tempo. */
const LONG_QUIET = 140;
const LAST_EVENT = 40;

const at = fc.double({ min: 0, max: LAST_EVENT, noNaN: true }).map(seconds);
const moods = fc.constantFrom("calm", "danger", "mystery");
const places = fc.constantFrom("meadow", "cave", "field", "grotto", "nowhere");
const id = fc.integer({ min: 1, max: 4 });

const event: fc.Arbitrary<GameEvent> = fc.oneof(
  fc.record({
    kind: fc.constant("signal" as const),
    at,
    name: fc.constantFrom("intensity", "intensity", "__proto__"),
    value: fc.oneof(
      fc.double({ min: -1, max: 2 }),
      fc.constantFrom<unknown>("0.7", null, Number.NaN, {}),
    ),
  }),
  fc.record({ kind: fc.constant("location" as const), at, name: places }),
  fc.record({
    kind: fc.constant("blend" as const),
    at,
    weights: fc.dictionary(places, fc.double({ min: -1, max: 2 })),
  }),
  fc.record({
    kind: fc.constant("trigger" as const),
    at,
    stinger: fc.constantFrom("alarm", "fanfare", "none"),
  }),
  fc.record({
    kind: fc.constant("hold" as const),
    at,
    id,
    mood: moods,
    priority: fc.integer({ min: -2, max: 2 }),
    lasts: fc.constantFrom(undefined, { value: 2, unit: "bars" as const }),
  }),
  fc.record({ kind: fc.constant("release" as const), at, id }),
  fc.record({
    kind: fc.constant("hit" as const),
    at,
    name: fc.constantFrom("gate", "jump"),
    time: fc.double({ min: 0, max: 60, noNaN: true }).map(seconds),
    strength: fc.constant(unitInterval(0.8)),
  }),
  fc.record({
    kind: fc.constant("cancel-hit" as const),
    at,
    name: fc.constantFrom("gate", "jump"),
  }),
  fc.record({
    kind: fc.constant("time-scale" as const),
    at,
    scale: fc.constantFrom(0.25, 0.5, 1, 1.3, 4),
  }),
);
const log = fc
  .array(event, { maxLength: 30 })
  .map((events): readonly GameEvent[] => events.toSorted((a, b) => a.at - b.at));

const sync = fc.constantFrom(
  "immediate" as const,
  "beat" as const,
  "bar" as const,
  "phrase" as const,
  "2 bars" as const,
  "3 beats" as const,
  "marker" as const,
  "marker turn" as const,
);
const fade = fc.constantFrom(
  { value: 0, unit: "beats" as const },
  { value: 1, unit: "bars" as const },
  { value: 0.2, unit: "seconds" as const },
);
const someTransition = fc
  .record({
    to: fc.constantFrom(["any"], ["danger"], ["calm", "mystery"]),
    at: sync,
    fade,
    enter: fc.constantFrom(
      undefined,
      "start" as const,
      "same position" as const,
      "equivalent beat" as const,
      "last position" as const,
    ),
    bridge: fc.constantFrom(
      undefined,
      undefined,
      { bars: 1, tempo: "step" as const },
      { bars: 2, tempo: "ramp" as const },
    ),
    stinger: fc.constantFrom(undefined, "alarm"),
  })
  .map(transition);

const written: fc.Arbitrary<Score> = fc
  .record({
    transitions: fc.array(someTransition, { minLength: 1, maxLength: 3 }),
    dwell: fc.constantFrom(0, 1, 3),
    cooldown: fc.constantFrom(0, 2.5),
    meter: fc.constantFrom("4/4" as const, "3/4" as const, "6/8" as const),
  })
  .map(({ transitions, dwell, cooldown, meter }) =>
    score({
      moods: [
        mood("calm", { markers: [{ name: "turn", at: { value: 2, unit: "bars" } }] }),
        mood("danger", { tempo: bpm(130), meter }),
        mood("mystery", { tempo: bpm(87), phrase: 6 }),
      ],
      stingers: [
        stinger("alarm", { cooldown: seconds(3), most: 1, duck: DUCK, next: "cut" }),
        stinger("fanfare", { at: "phrase", bars: 2, priority: 1, most: 1, moods: ["danger"] }),
      ],
      rules: [
        rule("danger", "intensity > 0.7", "intensity < 0.5", {
          dwell: { value: dwell, unit: "bars" },
          cooldown: seconds(cooldown),
        }),
      ],
      transitions: [...transitions, transition()],
    }),
  );
const DUCK = { by: decibels(-4), attack: seconds(0.1), release: seconds(0.5) };

interface Run {
  readonly cues: readonly Cue[];
  /** One for each step. */
  readonly states: readonly DirectorState[];
}

function run(score: Score, events: readonly GameEvent[], tick: number, until: number): Run {
  let state = createDirectorState(score);
  const cues: Cue[] = [];
  const states: DirectorState[] = [];
  let given = 0;
  for (let index = 0; index * tick <= until; index += 1) {
    const now = seconds(index * tick);
    const due = events.slice(given).filter((each) => each.at <= now);
    given += due.length;
    const result = step(score, state, due, now);
    state = result.state;
    cues.push(...result.cues);
    states.push(state);
  }
  return { cues, states };
}

const UNTIL = LAST_EVENT + QUIET;

/** Sections and returns to one, in the order in which they are heard. */
function heard(cues: readonly Cue[]): readonly { section: SectionCue; from: number }[] {
  const byIndex = new Map(sections(cues).map((cue) => [cue.index, cue]));
  return cues.flatMap((cue) => {
    if (cue.kind === "section") return [{ section: cue, from: cue.entersAt }];
    const back = cue.kind === "reversal" ? byIndex.get(cue.section) : undefined;
    return back === undefined || cue.kind !== "reversal" ? [] : [{ section: back, from: cue.at }];
  });
}

describe("whatever the game does", () => {
  test("sections follow each other, and phrases fill each from its entry to its end", () => {
    fc.assert(
      fc.property(written, log, (score, events) => {
        const { cues } = run(score, events, 0.05, UNTIL);
        const story = heard(cues);
        expect(story.length).toBeGreaterThan(0);
        for (const [place, { section, from }] of story.entries()) {
          const next = story[place + 1];
          if (next !== undefined) expect(next.from).toBeGreaterThan(from);
          const end = next?.from ?? UNTIL;
          const phrases = [
            ...new Map(
              ofKind(cues, "phrase")
                .filter((cue) => cue.section === section.index)
                .map((cue) => [cue.index, cue]),
            ).values(),
          ].toSorted((a, b) => a.index - b.index);
          const [first] = phrases;
          expect(first?.at).toBeLessThanOrEqual(section.entersAt + 1e-6);
          expect(phrases.at(-1)?.until).toBeGreaterThanOrEqual(end - 1e-6);
          for (const [nth, phrase] of phrases.entries()) {
            const before = phrases[nth - 1];
            if (before === undefined) continue;
            expect(phrase.index).toBe(before.index + 1);
            // A hit point may cut a phrase; the music goes on elsewhere then.
            if (before.ending === undefined) expect(phrase.at).toBeCloseTo(before.until, 6);
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  test("every transition falls on a sync point of the mood that it leaves, and a bridge lasts its bars", () => {
    fc.assert(
      fc.property(written, log, (score, events) => {
        const { cues } = run(score, events, 0.05, UNTIL);
        const story = heard(cues);
        for (const [place, { section, from }] of story.entries()) {
          const before = story[place - 1]?.section;
          const { cause } = section;
          if (before === undefined || from !== section.entersAt) continue;
          if (before.bridge !== undefined) {
            expect(from).toBeCloseTo(timeOfBar(before, before.bridge.bars), 6);
          } else if (cause === "transition" || cause === "bridge") {
            const sync = section.transition?.sync ?? "bar";
            const earlier = seconds(from - 1e-5);
            expect(nextSyncPoint(before, sync, gridOf(before), earlier)).toBeCloseTo(from, 4);
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  test("a rule holds for its dwell and stays away for its cooldown", () => {
    fc.assert(
      fc.property(written, log, (score, events) => {
        const { states } = run(score, events, 0.05, UNTIL);
        const [dwelling] = score.rules;
        let since = -Infinity;
        let holds = false;
        for (const [index, { rules, section }] of states.entries()) {
          const now = index * 0.05;
          if (rules[0]?.holds === holds) continue;
          // The length of a dwell is that of the bars that sound when it begins.
          const shortest = holds ? 0 : (dwelling?.cooldown ?? 0);
          if (since > 0) expect(now - since).toBeGreaterThanOrEqual(shortest - 0.051);
          if (holds && dwelling !== undefined && section !== undefined) {
            const fastest = (dwelling.dwell.value * 2 * 60) / 480;
            expect(now - since).toBeGreaterThanOrEqual(fastest - 0.051);
          }
          since = now;
          holds = !holds;
        }
      }),
      { numRuns: 100 },
    );
  });

  test("the last wish is honoured in the end", () => {
    fc.assert(
      fc.property(written, log, (score, events) => {
        const { states } = run(score, events, 0.05, LAST_EVENT + LONG_QUIET);
        const state = states.at(-1);
        if (state?.section === undefined) throw new Error("nothing sounds");
        expect(soundsAlike(score, desiredTarget(score, state), state.section)).toBe(true);
        expect(state.section.bridge).toBeUndefined();
        expect(state.section.scale).toBe(state.scale);
        expect(state.hits).toEqual([]);
        expect(state.section.stretch).toBe(1);
      }),
      { numRuns: 300 },
    );
  });

  test("stingers keep their cooldown, their cap and their moods", () => {
    fc.assert(
      fc.property(written, log, (score, events) => {
        const { cues } = run(score, events, 0.05, UNTIL);
        const byIndex = new Map(sections(cues).map((cue) => [cue.index, cue]));
        const alarms = ofKind(cues, "stinger").filter((cue) => cue.stinger.name === "alarm");
        for (const [nth, alarm] of alarms.entries()) {
          const before = alarms[nth - 1];
          if (before !== undefined) expect(alarm.at - before.at).toBeGreaterThanOrEqual(3 - 1e-9);
        }
        for (const { stinger: played, section } of ofKind(cues, "stinger")) {
          if (played.name !== "fanfare") continue;
          expect(byIndex.get(section)?.mood.name).toBe("danger");
        }
        const cut = new Map(ofKind(cues, "stinger-cut").map((cue) => [cue.id, cue.at]));
        const spans = ofKind(cues, "stinger").map((cue) => ({
          from: cue.at,
          until: cut.get(cue.id) ?? cue.until,
        }));
        for (const { from } of spans) {
          const sounding = spans.filter((each) => each.from <= from && each.until > from + 1e-9);
          expect(sounding.length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("equal logs give equal cues at any tick rate, and the state stays small", () => {
    fc.assert(
      fc.property(written, log, (score, events) => {
        const runs = [0.05, 0.01, 0.333].map((tick) => run(score, events, tick, 60));
        const shortest = Math.min(...runs.map(({ cues }) => cues.length));
        const [first, ...others] = runs.map(({ cues }) => cues.slice(0, shortest - 20));
        for (const other of others) expect(other).toEqual(first);
        const size = JSON.stringify(saveDirector(score, runs[0]?.states.at(-1) ?? NOTHING));
        expect(size.length).toBeLessThan(6000);
      }),
      { numRuns: 60 },
    );
  });
});

const NOTHING = createDirectorState(score());
