import { describe, expect, test } from "vitest";
import {
  forgetBefore,
  Songbook,
  stingerName,
  takeIn,
  tuneOfSection,
  tunesToKeep,
} from "../../../engine/conductor/songbook.ts";
import { directing, ofKind, sections, set, trigger } from "../../helpers/directing.ts";
import { score, transition } from "../../helpers/score.ts";
import { takeOf } from "../../helpers/takes.ts";

describe("the songbook", () => {
  test("gives the same tune for the same name", () => {
    const book = new Songbook(score());
    const tune = book.open("calm#0");
    tune.takes.set(0, takeOf());
    expect(book.open("calm#0")).toBe(tune);
    expect(book.find("calm#0")).toBe(tune);
    expect(book.find("calm#1")).toBeUndefined();
  });

  test("forgets the tune that was opened longest ago, but none that plays or that a recording gave", () => {
    const book = new Songbook(score());
    book.open("calm#0").players = 1;
    book.learn("calm#1", [[0, takeOf()]], true);
    book.open("calm#2");
    book.open("calm#3");
    for (let visit = 0; visit < 23; visit += 1) book.open(`danger#${visit}`);
    book.open("calm#3");
    book.open("danger#23");
    const names = new Set(book.tunes.map(({ name }) => name));
    expect(names.size).toBe(24);
    for (const kept of ["calm#0", "calm#1", "calm#3", "danger#23"]) expect(names).toContain(kept);
    expect(names).not.toContain("calm#2");
  });

  test("learns no take of another length or meter than the mood's phrases have now", () => {
    const book = new Songbook(score());
    book.learn(
      "calm#0",
      [
        [0, takeOf()],
        [1, takeOf(8)],
        [2, { ...takeOf(), bars: takeOf().bars.map((bar) => ({ ...bar, meter: "3/4" as const })) }],
      ],
      false,
    );
    expect([...(book.find("calm#0")?.takes.keys() ?? [])]).toEqual([0]);
    book.learn("bridge calm>danger at 8.000", [[0, takeOf(2)]], true);
    expect(book.find("bridge calm>danger at 8.000")?.takes.size).toBe(1);
  });

  test("forgets phrases to which no later one can refer", () => {
    const tune = new Songbook(score()).open("calm#0");
    for (let index = 0; index < 20; index += 1) {
      tune.takes.set(index, takeOf());
      tune.told.set(index, takeOf());
      forgetBefore(tune, index);
    }
    expect([...tune.takes.keys()]).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
    expect(tune.told.size).toBe(tune.takes.size);
  });

  test("keeps for a save what sounds, what is about to, and where a mood was left", () => {
    const written = score({ transitions: [transition({ bridge: { bars: 1, tempo: "step" } })] });
    const { state, cues } = directing([set(5, 0.9)], 9, written);
    const book = new Songbook(written);
    for (const section of sections(cues)) book.open(tuneOfSection(section));
    book.open("mystery#0");
    expect(tunesToKeep(book.tunes, state).map(({ name }) => name)).toEqual([
      "calm#0",
      "bridge calm>danger at 8.000",
    ]);
  });

  test("keeps for a save the notes of stingers that sound or are final", () => {
    const written = score();
    const { state } = directing([trigger(2, "alarm"), trigger(4, "alarm")], 4.1, written);
    const book = new Songbook(written);
    for (const name of ["stinger alarm at 3.000", "stinger alarm at 9.000"]) book.open(name);
    expect(tunesToKeep(book.tunes, state).map(({ name }) => name)).toEqual([
      "stinger alarm at 3.000",
    ]);
  });

  test("has of a recording for each section what that played, and else what is known", () => {
    const book = new Songbook(score());
    const [before, first, second, now] = [takeOf(), takeOf(), takeOf(), takeOf()];
    book.learn("calm#0", [[0, before]], false);
    book.learn(
      "calm#0",
      [
        [0, first, 2],
        [1, first, 2],
        [0, second, 4],
      ],
      true,
    );
    const tune = book.open("calm#0");
    const heard = [0, 1, 2, 3, 4, 5].map((section) => takeIn(tune, 0, section));
    const nth = (take: unknown): number => [before, first, second].findIndex((one) => one === take);
    expect(heard.map(nth)).toEqual([0, 0, 1, 1, 2, 2]);
    tune.takes.set(0, now);
    expect(takeIn(tune, 0, 1)).toBe(now);
    expect(takeIn(tune, 0, 3)).toBe(first);
    expect(takeIn(tune, 1, 0)).toBe(first);
    expect(takeIn(tune, 2, 3)).toBeUndefined();
  });

  test("knows a bridge and a stinger by their moment, however they are entered", () => {
    const written = score({ transitions: [transition({ bridge: { bars: 1, tempo: "step" } })] });
    const { cues } = directing([trigger(2, "alarm"), set(5, 0.9)], 9, written);
    const bridge = sections(cues).find((section) => section.bridge !== undefined);
    if (bridge === undefined) throw new Error("there is no bridge");
    const later = { ...bridge, entersAt: bridge.entersAt, index: 7 };
    expect(tuneOfSection(later)).toBe(tuneOfSection(bridge));
    expect(ofKind(cues, "stinger").map(stingerName)).toEqual(["stinger alarm at 3.000"]);
  });
});
