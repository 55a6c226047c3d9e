import { describe, expect, test } from "vitest";
import { shippedBank } from "../../../engine/bank/shipped.ts";
import { planPhrase, type PhrasePlan } from "../../../engine/composer/phrase-plan.ts";
import type { PhraseTake } from "../../../engine/composer/take.ts";
import { stateTheme } from "../../../engine/composer/theme-lane.ts";
import type { Writing } from "../../../engine/conductor/parts.ts";
import { Repertoire } from "../../../engine/conductor/repertoire.ts";
import type { GenerationAnswer, GenerationRequest } from "../../../engine/generator/service.ts";
import type { Note } from "../../../engine/music/note.ts";
import { perStem } from "../../../engine/music/stem.ts";
import { carried } from "../../../engine/theme/carry.ts";
import {
  midiPitch,
  milliseconds,
  seconds,
  ticks,
  unitInterval,
  velocity,
} from "../../../engine/time/units.ts";
import { smallBank } from "../../helpers/bank.ts";
import { mood } from "../../helpers/score.ts";
import { themeOf } from "../../helpers/theme.ts";

const plan = (index: number): PhrasePlan =>
  planPhrase({
    mood: mood("calm"),
    length: 4,
    visit: 0,
    index,
    intensity: unitInterval(0.5),
    seed: 1,
  });

const noteAt = (pitch: number): Note => ({
  at: ticks(0),
  duration: ticks(960),
  pitch: midiPitch(pitch),
  velocity: velocity(80),
});

/** A repertoire whose generator answers when told, with one note in each stem unless told otherwise. */
function open(bank = smallBank) {
  let now = 0;
  const margins: number[] = [];
  const failures: string[] = [];
  const cancelled: string[] = [];
  const revised: unknown[] = [];
  const waiting: { request: GenerationRequest; resolve: (answered: Answered) => void }[] = [];
  const repertoire = new Repertoire(bank, () => milliseconds(now), {
    answered: (_, margin) => margins.push(margin),
    failed: ({ message }) => failures.push(message),
  });
  const writing: Writing = {
    generate: async (request) => {
      const { notes, outcome } = await new Promise<Answered>((resolve) => {
        waiting.push({ request, resolve });
      });
      return {
        id: request.id,
        outcome,
        notes: perStem(() => notes.map((note) => ({ ...note, at: firstWritten(request) }))),
        backend: "wasm",
        passes: request.passes,
        elapsed: milliseconds(1),
        queued: milliseconds(0),
      };
    },
    cancel: (id) => cancelled.push(id),
    revise: (...terms) => revised.push(terms),
    rest: () => undefined,
  };
  repertoire.writing = writing;
  const write = (index: number): Promise<PhraseTake | undefined> =>
    repertoire.write({
      id: `phrase ${index}`,
      mood: "calm",
      isPhrase: true,
      plan: plan(index),
      surroundings: { before: undefined, after: undefined, original: undefined },
      dueIn: seconds(2),
      priority: 1,
    });
  const answer = (
    after: number,
    notes: readonly Note[],
    outcome: Answered["outcome"] = "written",
  ): void => {
    now += after * 1000;
    waiting.shift()?.resolve({ notes, outcome });
  };
  return { repertoire, write, answer, margins, failures, cancelled, revised };
}

interface Answered {
  readonly notes: readonly Note[];
  readonly outcome: GenerationAnswer["outcome"];
}

const firstWritten = ({ mask }: GenerationRequest) =>
  ticks(
    Math.max(
      0,
      mask.findIndex(({ melody }) => melody === "write"),
    ) *
      4 *
      960,
  );

const tune = ({ notes }: PhraseTake): string =>
  notes.melody.map(({ at, pitch }) => `${at}:${pitch}`).join(" ");

const fallbacks = (repertoire: Repertoire, count: number): readonly PhraseTake[] =>
  Array.from({ length: count }, (_, index) => repertoire.fallback("calm", plan(index)));

function expectNeighboursToDiffer(takes: readonly PhraseTake[]): void {
  for (const [index, take] of takes.slice(1).entries()) {
    expect(tune(take), `phrase ${index + 1}`).not.toBe(tune(takes[index] as PhraseTake));
  }
}

describe("the repertoire", () => {
  test("six phrases of the bank take turns, and each rests while three others play", () => {
    const takes = fallbacks(open(shippedBank).repertoire, 60);
    expect(new Set(takes.map(({ source }) => source))).toEqual(new Set(["bank"]));
    const tunes = takes.map(tune);
    expect(new Set(tunes).size).toBe(6);
    for (const [index, each] of tunes.entries()) {
      expect(tunes.slice(Math.max(0, index - 3), index)).not.toContain(each);
    }
  });

  test("two phrases are all that a bank of two has, by turns", () => {
    const bank = { ...shippedBank, phrases: shippedBank.phrases.slice(0, 2) };
    expectNeighboursToDiffer(fallbacks(open(bank).repertoire, 12));
  });

  test("two good takes take turns when the model answers no more", async () => {
    const { repertoire, write, answer } = open();
    for (const [index, pitch] of [62, 64].entries()) {
      const written = write(index);
      answer(1, [noteAt(pitch)]);
      expect((await written)?.source).toBe("model");
    }
    const takes = fallbacks(repertoire, 12);
    expect(new Set(takes.map(({ source }) => source))).toEqual(new Set(["last-good"]));
    expectNeighboursToDiffer(takes);
  });

  test("a good take is as like the theme as its phrase is to be", async () => {
    const { repertoire, write, answer } = open();
    const written = write(0);
    answer(1, [noteAt(71)]);
    await written;
    const text =
      "D4 1/4, F4 1/8, G4 1/8, A4 1/4, B4 1/4 | C5 1/2, A4 1/2 | G4 1/2, E4 1/2 | D4 1/1";
    const key = { tonic: 2, mode: "dorian" } as const;
    const stating = stateTheme(plan(0), carried(themeOf(text, key)), {
      name: "hero",
      likeness: [unitInterval(0.9), unitInterval(1)],
      register: 0,
      density: "all",
    });
    const take = repertoire.fallback("calm", stating);
    expect(take.source).toBe("last-good");
    const alike = stating.theme?.compare(stating.theme.melody, take.notes.melody, "4/4");
    expect(((alike?.onsetsKept ?? 0) + (alike?.contour ?? 0)) / 2).toBeGreaterThanOrEqual(0.9);
    expect(take.notes.bass).toHaveLength(1);
  });

  test("one good take and the bank take turns", async () => {
    const { repertoire, write, answer } = open();
    const written = write(0);
    answer(1, [noteAt(71)]);
    await written;
    const takes = fallbacks(repertoire, 6);
    expect(takes.map(({ source }) => source)).toContain("last-good");
    expectNeighboursToDiffer(takes);
  });

  test("says how much time was left, less than none where the answer was late", async () => {
    const { write, answer, margins } = open();
    for (const after of [0.5, 3]) {
      const written = write(0);
      answer(after, [noteAt(62)]);
      await written;
    }
    expect(margins).toEqual([1500, -1000]);
  });

  test("late work is a good take for the next fallback", async () => {
    const { repertoire, write, answer } = open();
    const written = write(0);
    expect(repertoire.fallback("calm", plan(0)).source).toBe("bank");
    answer(3, [noteAt(62)]);
    await written;
    expect(repertoire.fallback("calm", plan(1)).source).toBe("last-good");
  });

  test("an answer without a note is a failure and no good take", async () => {
    const { repertoire, write, answer, failures } = open();
    const written = write(0);
    expect(repertoire.ledger.total.open).toBe(1);
    answer(1, []);
    expect(await written).toBeUndefined();
    expect(repertoire.ledger.total.open).toBe(0);
    expect(failures).toHaveLength(1);
    expect(repertoire.fallback("calm", plan(0)).source).toBe("bank");
  });

  test("one that gave way for want of time and one that came late are told apart from one on time", async () => {
    const { repertoire, write, answer } = open();
    for (const [after, outcome] of [
      [1, "written"],
      [1, "committed-early"],
      [3, "committed-early"],
    ] as const) {
      const written = write(0);
      answer(after, [noteAt(62)], outcome);
      await written;
    }
    expect(repertoire.ledger.total).toMatchObject({ onTime: 1, committedEarly: 1, late: 1 });
  });

  test("what is withdrawn is told to the generator under its own name, and counts as cancelled", async () => {
    const { repertoire, write, answer, cancelled } = open();
    const first = write(0);
    repertoire.cancel("phrase 0");
    repertoire.cancel("phrase 0");
    const second = write(0);
    answer(0, [], "cancelled");
    answer(0, [noteAt(62)]);
    expect(await first).toBeUndefined();
    expect((await second)?.source).toBe("model");
    expect(cancelled).toEqual(["phrase 0 (1)"]);
    expect(repertoire.ledger.total).toMatchObject({ requested: 2, cancelled: 1, onTime: 1 });
  });

  test("a deadline that is revised is the one by which an answer is late", async () => {
    const { repertoire, write, answer, margins, revised } = open();
    const written = write(0);
    repertoire.revise("phrase 0", { dueIn: seconds(0.5), priority: 2 });
    repertoire.revise("phrase 9", { dueIn: seconds(0.5), priority: 2 });
    answer(1, [noteAt(62)]);
    await written;
    expect(margins).toEqual([-500]);
    expect(revised).toEqual([["phrase 0 (1)", { deadline: 500, priority: 2 }]]);
  });

  test("a take set aside is kept while it may be a fallback, used when it is, and else wasted", async () => {
    const { repertoire, write, answer } = open();
    const takes: PhraseTake[] = [];
    for (const index of [0, 1, 2, 3]) {
      const written = write(index);
      answer(1, [noteAt(60 + index)]);
      const take = await written;
      if (take !== undefined) takes.push(take);
    }
    for (const take of takes) repertoire.setAside(take);
    expect(repertoire.ledger.total).toMatchObject({ kept: 4, wasted: 0, used: 0 });
    fallbacks(repertoire, 1);
    expect(repertoire.ledger.total).toMatchObject({ kept: 3, wasted: 0, used: 1 });
    for (const index of [4, 5, 6, 7]) {
      const written = write(index);
      answer(1, [noteAt(60 + index)]);
      await written;
    }
    // Four good takes are kept: the others will never be heard.
    expect(repertoire.ledger.total).toMatchObject({ kept: 0, wasted: 3, used: 1, waiting: 4 });
  });

  test("without a generator nothing is written and nothing fails", async () => {
    const { repertoire, write, failures } = open();
    repertoire.writing = undefined;
    expect(repertoire.available).toBe(false);
    expect(await write(0)).toBeUndefined();
    expect(failures).toEqual([]);
  });
});
