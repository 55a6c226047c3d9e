import { describe, expect, test } from "vitest";
import { createEmitter } from "../../engine/emitter.ts";
import { Inbox } from "../../engine/inbox.ts";
import { Reporter } from "../../engine/reporter.ts";
import type { SoundtrackEvents } from "../../engine/soundtrack-interface.ts";
import { seconds } from "../../engine/time/units.ts";
import { score } from "../helpers/score.ts";

const AT = seconds(3);

function filled(): { inbox: Inbox; reporter: Reporter; warnings: string[] } {
  const warnings: string[] = [];
  const emitter = createEmitter<SoundtrackEvents>(() => undefined);
  emitter.on("warning", ({ code, message }) => warnings.push(`${code}: ${message}`));
  const reporter = new Reporter(emitter);
  return { inbox: new Inbox(score(), reporter), reporter, warnings };
}

describe("the inbox", () => {
  test("gives what was kept once, in order", () => {
    const { inbox } = filled();
    const events = [inbox.read("intensity", 0.3, AT), inbox.read("location", "cave", AT)];
    for (const event of events) if (event !== undefined) inbox.keep(event);
    expect(inbox.waiting).toEqual(events);
    expect(inbox.empty()).toEqual(events);
    expect(inbox.waiting).toEqual([]);
    expect(inbox.empty()).toEqual([]);
  });

  test("keeps values that any JSON can hold, whatever the game sets", () => {
    const { inbox } = filled();
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    for (const value of [Number.NaN, Infinity, "7", 10n, circle, undefined, () => 1]) {
      expect(inbox.read("intensity", value, AT)).toMatchObject({ value: null });
    }
    expect(inbox.read("intensity", 7, AT)).toMatchObject({ value: 7 });
  });

  test("drops signals that the score lacks, with a warning that can be read", () => {
    const { inbox, warnings } = filled();
    for (const name of ["height", "x".repeat(5000), "__proto__", 7, null, Symbol("s")]) {
      expect(inbox.read(name, 1, AT)).toBeUndefined();
    }
    expect(warnings).toHaveLength(6);
    expect(warnings[0]).toBe('unknown-signal: the score has no signal "height"; it is ignored');
    expect(warnings.every((warning) => warning.length < 300)).toBe(true);
  });

  test("drops the oldest values of signals where a game floods, and no trigger", () => {
    const { inbox, reporter } = filled();
    inbox.keep({ kind: "trigger", at: AT, stinger: "alarm" });
    for (let index = 0; index < 5000; index += 1) {
      inbox.keep({ kind: "signal", at: AT, name: "intensity", value: index });
    }
    const kept = inbox.empty();
    expect(kept).toHaveLength(4096);
    expect(kept[0]).toMatchObject({ kind: "trigger" });
    expect(kept.at(-1)).toMatchObject({ value: 4999 });
    expect(reporter.counters["warning-events-dropped"]).toBe(905);
  });

  test("blends the places that it knows, however many it does not, and tells those", () => {
    const { inbox, warnings } = filled();
    const unknown = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`p${n}`, 1]));
    const event = inbox.readBlend({ ...unknown, meadow: 0.3, cave: 0.7 }, AT);
    expect(event).toEqual({ kind: "blend", at: AT, weights: { meadow: 0.3, cave: 0.7 } });
    expect(warnings).toHaveLength(50);
    expect(warnings.at(-1)).toContain('no location "p49"');
  });

  test("tells of weights that are no numbers from 0 and leaves them out", () => {
    const { inbox, warnings } = filled();
    const event = inbox.readBlend({ meadow: -1, cave: Number.NaN, field: "1", grotto: 2 }, AT);
    expect(event).toMatchObject({ weights: { grotto: 2 } });
    expect(warnings).toHaveLength(3);
    expect(inbox.readBlend("meadow", AT)).toBeUndefined();
  });

  test("puts a stinger where the game says, within bounds, and in the middle where it says nothing", () => {
    const { inbox, warnings } = filled();
    const placed = (pan: unknown, level?: unknown) =>
      inbox.readTrigger("alarm", AT, { pan, level } as { pan: number; level: number });
    expect(placed(-0.5, -9)).toMatchObject({ placing: { pan: -0.5, level: -9 } });
    expect(placed(3, -400)).toMatchObject({ placing: { pan: 1, level: -60 } });
    expect(placed("left", Number.NaN)).not.toHaveProperty("placing");
    expect(placed(0, 6)).not.toHaveProperty("placing");
    expect(inbox.readTrigger("alarm", AT)).not.toHaveProperty("placing");
    expect(warnings.map((each) => each.split(":")[0])).toEqual([
      "out-of-range",
      "out-of-range",
      "not-a-number",
      "not-a-number",
    ]);
  });

  test("makes no event of what cannot be done", () => {
    const { inbox, warnings } = filled();
    expect(inbox.readTrigger("bang", AT)).toBeUndefined();
    expect(inbox.readHold("rage", undefined, AT)).toBeUndefined();
    expect(inbox.readHold("calm", { for: "soon" as "1s" }, AT)).toBeUndefined();
    expect(inbox.readRelease(3, AT)).toBeUndefined();
    expect(inbox.readHit("gate", { in: "two hours" as "2s" }, AT)).toBeUndefined();
    expect(inbox.readHit("gate", { in: "3601s" }, AT)).toBeUndefined();
    expect(inbox.readHit("x".repeat(201), { in: "1s" }, AT)).toBeUndefined();
    expect(inbox.readTimeScale(Number.NaN, AT)).toBeUndefined();
    // The two of `gate` are one: each mistake is told once for its kind and name.
    expect(warnings).toHaveLength(7);
  });

  test("counts the time of a hit point from when it was asked for", () => {
    const { inbox } = filled();
    expect(inbox.readHit("gate", { in: "400ms" }, AT)).toMatchObject({ time: 3.4, strength: 0.8 });
    expect(inbox.readTimeScale(9, AT)).toMatchObject({ scale: 4 });
  });

  test("gives holds that a save brought numbers that no hold has had, and later ones others", () => {
    const { inbox } = filled();
    const saved = [3, 7].map((id) => ({
      id,
      mood: "calm",
      priority: 0,
      lasts: undefined,
      since: undefined,
    }));
    // In a new session nothing has had a number.
    expect(inbox.adopt(saved).map(({ id }) => id)).toEqual([3, 7]);
    expect(inbox.readHold("calm", undefined, AT)?.id).toBe(8);
    expect(inbox.adopt(saved).map(({ id }) => id)).toEqual([9, 13]);
    expect(inbox.readHold("calm", undefined, AT)?.id).toBe(14);
    expect(inbox.adopt([])).toEqual([]);
    expect(inbox.readHold("calm", undefined, AT)?.id).toBe(15);
  });
});
