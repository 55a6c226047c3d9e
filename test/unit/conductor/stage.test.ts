import { describe, expect, test } from "vitest";
import { planPhrase } from "../../../engine/composer/phrase-plan.ts";
import { fitPhrase } from "../../../engine/bank/bank.ts";
import { handOver } from "../../../engine/conductor/hand-over.ts";
import { createPhrase, type Phrase } from "../../../engine/conductor/phrase.ts";
import type { SectionCue } from "../../../engine/director/cue.ts";
import { ticksPerBar } from "../../../engine/time/meter.ts";
import { midiPitch, seconds, unitInterval } from "../../../engine/time/units.ts";
import { smallBank } from "../../helpers/bank.ts";
import { direct, sections } from "../../helpers/directing.ts";
import { mood, score } from "../../helpers/score.ts";
import { bareStage } from "../../helpers/stage.ts";

const two = score({
  moods: [
    mood("calm", { stems: { melody: unitInterval(0), bass: unitInterval(0) } }),
    mood("danger"),
  ],
  locations: [],
});
const [calm] = sections(direct([], 1, two));

/** Four bars of a melody and a bass at 60 bpm. */
function phraseOf(section: SectionCue | undefined): Phrase {
  const [first] = smallBank.phrases;
  if (section === undefined || first === undefined) throw new Error("there is no section");
  const { mood: of, visit } = section;
  const intensity = unitInterval(0.5);
  const plan = planPhrase({ mood: of, visit, index: 0, intensity, seed: 1 });
  return { ...createPhrase(section, { index: 0 }, plan), take: fitPhrase(first, plan) };
}

describe("the stage", () => {
  test("has a voice that comes late to a fade out take part in it", async () => {
    const { stage, told, keeps, give, settle } = bareStage();
    const phrase = phraseOf(calm);
    keeps.add("bass");
    stage.perform(phrase, seconds(0));
    await settle();
    stage.end("0", seconds(5), seconds(2));
    expect(told.filter((line) => line.includes("0:bass"))).toEqual([]);
    await give();
    expect(told.filter((line) => line.includes("0:bass")).slice(0, 3)).toEqual([
      "open 0:bass 0",
      "close 0:bass 5 2",
      "play 0:bass 0",
    ]);
  });

  test("asks again for what a lost renderer owed, once, and for nothing else", async () => {
    const { stage, asked, keeps, lose, settle } = bareStage();
    const phrase = phraseOf(calm);
    const perform = async (): Promise<readonly string[]> => {
      const before = asked.length;
      stage.perform(phrase, seconds(0));
      await settle();
      return asked.slice(before).map(({ take, from }) => `${take.split(":")[1]} ${from}`);
    };
    keeps.add("bass");
    const first = await perform();
    expect(await perform()).toEqual([]);
    await lose();
    const owed = first.filter((chunk) => chunk.startsWith("bass"));
    expect(owed.length).toBeGreaterThan(1);
    expect(await perform()).toEqual(owed);
    expect(await perform()).toEqual([]);
  });

  test("opens no voice for what would begin after the fade, nor has it rendered", async () => {
    const { stage, told, asked, settle } = bareStage();
    const phrase = phraseOf(calm);
    stage.end("0", seconds(0), seconds(3.5));
    stage.perform(phrase, seconds(0), seconds(60));
    await settle();
    expect(told.filter((line) => line.startsWith("open"))).toEqual([]);
    // Half bars of 2 s: at 0 and 2.
    expect(asked).toHaveLength(4);
  });

  test("passes over what a renderer that is behind would give too late, and asks for what comes after it", async () => {
    const { stage, asked, keeps, settle, costs } = bareStage();
    costs(1.1);
    for (let phrase = 0; phrase < 20; phrase += 1) {
      stage.perform(phraseOf(calm), seconds(0), seconds(4));
      await settle();
    }
    keeps.add("bass").add("melody");
    stage.perform(phraseOf(calm), seconds(0), seconds(2));
    // Two seconds and a half, and what the renderer has to do before.
    expect(stage.horizons.at(-1)).toBeCloseTo(6.9, 1);
    const before = asked.length;
    // It answers in 4.4 s: the half bars of 2 s that begin at 0 and at 2 are over by then.
    stage.perform(phraseOf(calm), seconds(0), seconds(9));
    const wanted = asked.slice(before).map(({ from }) => from / 8000);
    expect(Math.min(...wanted)).toBe(4);
  });

  test("a section whose first chunks are missed is not there yet", async () => {
    const { stage, outcomes, settle } = bareStage();
    const phrase = phraseOf(calm);
    for (const stem of phrase.plan.stems) outcomes.set(`0:${stem}`, "missed");
    stage.perform(phrase, seconds(0), seconds(1));
    await settle();
    expect(stage.established(phrase)).toBe(false);
    outcomes.clear();
    stage.perform(phrase, seconds(0), seconds(3));
    await settle();
    expect(stage.established(phrase)).toBe(true);
  });

  test("does not begin while it ends what nobody has heard", async () => {
    const { stage, told, keeps, give, settle } = bareStage();
    const phrase = phraseOf(calm);
    keeps.add("bass").add("melody");
    stage.perform(phrase, seconds(0));
    await settle();
    stage.end("0", seconds(5), seconds(2));
    await give();
    expect(told).toEqual(["end duck 0 5"]);
  });

  test("plays nothing of a phrase that is over, however late the renderer gives it", async () => {
    const { stage, told, keeps, give, settle } = bareStage();
    const phrase = phraseOf(calm);
    keeps.add("bass");
    stage.perform(phrase, seconds(0));
    await settle();
    stage.end("0", seconds(1), seconds(0.1));
    stage.release(phrase);
    stage.forget("0");
    told.length = 0;
    await give();
    expect(told).toEqual([]);
  });

  test.each([
    ["is not missed where it would have begun after the fade of its section", 0, []],
    ["is missed where it would have been heard", 60, ["missed", "missed"]],
  ] as const)("what comes of a phrase that is over %s", async (_, endsAt, lateness) => {
    const bare = bareStage();
    const phrase = phraseOf(calm);
    bare.keeps.add("bass");
    bare.stage.perform(phrase, seconds(0), seconds(3));
    await bare.settle();
    bare.stage.end("0", seconds(endsAt), seconds(0));
    bare.stage.release(phrase);
    await bare.give();
    expect(bare.lateness).toEqual(lateness);
  });

  test("does not wait for a stem that the renderer refuses", async () => {
    const { stage, refuses, settle } = bareStage();
    const phrase = phraseOf(calm);
    refuses.add("bass");
    stage.perform(phrase, seconds(0));
    expect(stage.established(phrase)).toBe(false);
    await settle();
    expect(stage.established(phrase)).toBe(true);
  });
});

describe("what was rendered before", () => {
  const kept = () => bareStage({ pcmBudget: 1e7 });
  /** Has all of a phrase played; gives what the renderer was asked for, by stem and first frame. */
  const played = async ({ stage, asked, settle }: ReturnType<typeof kept>, phrase: Phrase) => {
    const before = asked.length;
    // No more than ten chunks are with the renderer at once.
    for (let turn = 0; turn < 3; turn += 1) {
      stage.perform(phrase, seconds(0), seconds(60));
      await settle();
    }
    return asked.slice(before).map(({ take, from }) => `${take.split(":").at(-1)} ${from}`);
  };
  const named = (phrase: Phrase, name: string): Phrase => ({
    ...phrase,
    name,
    ahead: new Map(),
    handled: new Set(),
  });

  test("is played again without the renderer where the same notes come back", async () => {
    const stand = kept();
    const phrase = phraseOf(calm);
    expect(await played(stand, phrase)).not.toEqual([]);
    const plays = stand.told.filter((line) => line.startsWith("play"));
    stand.told.length = 0;
    expect(await played(stand, named(phrase, "again"))).toEqual([]);
    expect(stand.told.filter((line) => line.startsWith("play"))).toEqual(plays);
  });

  test("is played where it is, and only the stem that changed is rendered", async () => {
    const stand = kept();
    const phrase = phraseOf(calm);
    await played(stand, phrase);
    const { take } = phrase;
    if (take === undefined) throw new Error("there is no take");
    const bass = take.notes.bass.map((note) => ({ ...note, pitch: midiPitch(note.pitch + 2) }));
    const changed = { ...phrase, take: { ...take, notes: { ...take.notes, bass } } };
    const asked = await played(stand, named(changed, "other bass"));
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((line) => !line.startsWith("bass"))).toEqual([]);
  });

  test("is played up to where a stem changed", async () => {
    const stand = kept();
    const phrase = phraseOf(calm);
    const { take } = phrase;
    if (take === undefined) throw new Error("there is no take");
    const all = (await played(stand, phrase)).filter((line) => line.startsWith("melody"));
    const middle = 2 * ticksPerBar("4/4");
    const melody = take.notes.melody.map((note) =>
      note.at < middle ? note : { ...note, pitch: midiPitch(note.pitch + 1) },
    );
    const changed = { ...phrase, take: { ...take, notes: { ...take.notes, melody } } };
    const asked = await played(stand, named(changed, "other end"));
    expect(asked.length).toBeLessThan(all.length);
    // Half bars of two seconds; the change may be struck within the one before it.
    for (const line of asked) expect(Number(line.split(" ")[1])).toBeGreaterThanOrEqual(3 * 16_000);
  });

  test("comes back with a fade that is turned round, and the renderer is not asked", async () => {
    const stand = kept();
    const phrase = phraseOf(calm);
    await played(stand, phrase);
    stand.stage.end("0", seconds(2), seconds(2));
    stand.stage.resume(phrase.section, [phrase], {
      at: seconds(3),
      fade: seconds(1),
      endedAt: seconds(4),
    });
    stand.told.length = 0;
    expect(await played(stand, phrase)).toEqual([]);
    expect(stand.told.filter((line) => line.startsWith("play")).length).toBeGreaterThan(4);
  });
});

describe("the renderer", () => {
  const tick = seconds(0.04);

  test("is asked at once for what is urgent, and for one chunk a tick of what has time", async () => {
    const { stage, asked, settle } = bareStage();
    const phrase = phraseOf(calm);
    stage.tick(tick);
    stage.perform(phrase, seconds(0), seconds(0));
    expect(asked.map(({ take }) => take)).toEqual(["0.0:melody", "0.0:bass"]);
    for (let turn = 1; turn < 4; turn += 1) {
      stage.tick(tick);
      stage.perform(phrase, seconds(0));
      stage.perform(phrase, seconds(0));
      await settle();
      expect(asked).toHaveLength(2 + turn);
    }
  });

  test("is asked ahead for one chunk a tick of what is likely, and at once for what is sure to come", () => {
    const { stage, asked } = bareStage();
    const phrase = phraseOf(calm);
    stage.tick(tick);
    stage.prepare(phrase);
    expect(asked).toHaveLength(1);
    stage.prepare(phrase, 0, true);
    expect(asked).toHaveLength(6);
  });

  test.each([
    ["one bar", "is quick", 0.01, 4],
    ["two bars", "is slow", 0.1, 8],
  ] as const)("renders %s of what is likely where it %s", async (_, __, cost, chunks) => {
    const { stage, costs, settle } = bareStage();
    const phrase = phraseOf(calm);
    costs(cost);
    stage.perform(phraseOf(calm), seconds(0));
    await settle();
    for (let turn = 0; turn < 10; turn += 1) {
      stage.tick(tick);
      stage.prepare(phrase);
      await settle();
    }
    expect(phrase.ahead.size).toBe(chunks);
  });

  test("is asked for as much more as ticks come more seldom", () => {
    const { stage, asked } = bareStage();
    stage.tick(seconds(0.2));
    stage.perform(phraseOf(calm), seconds(0));
    expect(asked).toHaveLength(5);
  });

  test("gets the memory of chunks back that are played and not kept", async () => {
    const { stage, recycled, settle, asked } = bareStage();
    stage.perform(phraseOf(calm), seconds(0), seconds(0));
    await settle();
    expect(recycled).toEqual([]);
    stage.tick(tick);
    expect(asked).toHaveLength(2);
    expect(recycled).toHaveLength(4);
    stage.tick(tick);
    expect(recycled).toHaveLength(4);
  });

  test("never gets back what was rendered ahead of a phrase that is to be played", async () => {
    const { stage, recycled, settle } = bareStage();
    const phrase = phraseOf(calm);
    const turn = async (): Promise<void> => {
      stage.tick(seconds(1));
      stage.prepare(phrase);
      await settle();
    };
    for (let turns = 0; turns < 3; turns += 1) await turn();
    expect(phrase.ahead.size).toBe(4);
    expect(recycled).toEqual([]);
  });
});

describe("a section hands over", () => {
  const live = (phrases: readonly Phrase[], at: number) => ({
    cue: calm ?? phraseOf(undefined).section,
    phrases: [...phrases],
    entered: { at: seconds(at), fade: seconds(2) },
    endsAt: undefined as ReturnType<typeof seconds> | undefined,
  });
  const ends = (isThere: boolean, phrases: readonly Phrase[], now: number) => {
    const [old, young] = [live(phrases, 0), live([phraseOf(calm)], 8)];
    const ended: number[] = [];
    handOver(
      [old, young],
      { established: () => isThere, end: (_, at) => ended.push(at) },
      seconds(now),
    );
    return [ended, old.endsAt];
  };

  test("once the new one is with the player, where that begins", () => {
    expect(ends(true, [phraseOf(calm)], 7.5)).toEqual([[8], 10]);
  });

  test("to the next one, not to the last, where several come at once", () => {
    const [old, next, last] = [
      live([phraseOf(calm)], 0),
      live([phraseOf(calm)], 8),
      live([phraseOf(calm)], 9),
    ];
    handOver([old, next, last], { established: () => true, end: () => undefined }, seconds(7));
    expect([old, next, last].map(({ endsAt }) => endsAt)).toEqual([10, 11, undefined]);
  });

  test("later where the new one came late, and not before it is there", () => {
    expect(ends(false, [phraseOf(calm)], 9)).toEqual([[], undefined]);
    expect(ends(true, [phraseOf(calm)], 9)).toEqual([[9], 11]);
  });

  test("however long that takes, until its own phrases are over", () => {
    expect(ends(false, [phraseOf(calm)], 100)).toEqual([[], undefined]);
    expect(ends(false, [], 100)).toEqual([[100], 102]);
  });
});
