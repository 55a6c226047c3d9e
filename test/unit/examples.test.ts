import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SectionCue } from "../../engine/director/cue.ts";
import type { GameEvent } from "../../engine/director/event.ts";
import { PALETTE_NAMES } from "../../engine/renderer-worker/palettes.ts";
import { parseScore } from "../../engine/score/parse-score.ts";
import type { Score } from "../../engine/score/score.ts";
import { seconds, unitInterval } from "../../engine/time/units.ts";
import { countingTake, heard, RATE } from "../helpers/authored.ts";
import { rehearse, type Rehearsal, type RehearsalOptions } from "../helpers/rehearsal.ts";

const FOLDER = "examples";
const PAGE = "docs/compared.md";
const ENDING = ".score.yaml";

const files = readdirSync(FOLDER).filter((name) => name.endsWith(ENDING));
const textOf = (file: string): string => readFileSync(join(FOLDER, file), "utf8");
const parse = (file: string) => parseScore(textOf(file), { palettes: PALETTE_NAMES });

function scoreOf(name: string): Score {
  const parsed = parse(`${name}${ENDING}`);
  if (!parsed.ok) throw new Error(`${name} has mistakes`);
  return parsed.score;
}

/** A piece of a score as it may stand there: a page shows it without the indentation of its place. */
const indented = (code: string): readonly string[] =>
  ["", "  ", "    "].map((margin) => code.replaceAll(/^(?=.)/gm, margin));

/** Sections of the page that link to an example, each with the pieces of scores that it shows. */
const excerpts = readFileSync(PAGE, "utf8")
  .split(/^## /m)
  .flatMap((section) => {
    const file = /\]\(\.\.\/examples\/([^)]+\.score\.yaml)\)/.exec(section)?.[1];
    if (file === undefined) return [];
    const codes = [...section.matchAll(/```yaml\n([\s\S]*?)```/g)];
    return codes.map(([, code = ""], index) => ({ file, index: index + 1, code }));
  });

describe("the examples", () => {
  test.each(files)("%s has neither mistakes nor warnings", (file) => {
    const parsed = parse(file);
    expect(parsed.ok ? parsed.warnings : parsed.issues).toEqual([]);
  });

  test("the comparison shows something of every example", () => {
    expect([...new Set(excerpts.map(({ file }) => file))]).toEqual(files);
  });

  test.each(excerpts)("excerpt $index of $file stands in it word for word", ({ file, code }) => {
    const lines = `\n${textOf(file)}`;
    expect(indented(code).filter((piece) => lines.includes(`\n${piece}`))).toHaveLength(1);
  });
});

const set = (at: number, name: string, value: number): GameEvent => ({
  kind: "signal",
  at: seconds(at),
  name,
  value,
});
const go = (at: number, name: string): GameEvent => ({ kind: "location", at: seconds(at), name });

const play = (
  name: string,
  until: number,
  events: readonly GameEvent[],
  takes: RehearsalOptions["takes"] = {},
): Promise<Rehearsal> => rehearse({ score: scoreOf(name), events, until, tick: 0.05, takes });

const sectionsOf = ({ cues }: Rehearsal): readonly SectionCue[] =>
  cues.filter((cue) => cue.kind === "section");

/** Moods in order: a mood that goes on in another place or tempo, or leads away by a bridge, counts once. */
const moodsOf = (rehearsal: Rehearsal): readonly string[] =>
  sectionsOf(rehearsal)
    .map(({ mood }) => mood.name)
    .filter((name, index, names) => name !== names[index - 1]);

/** `duel to fury`, for every bridge. */
const bridgesOf = (rehearsal: Rehearsal): readonly string[] =>
  sectionsOf(rehearsal).flatMap(({ mood, bridge }) =>
    bridge === undefined ? [] : [`${mood.name} to ${bridge.mood.name}`],
  );

/** The stems that are heard, or on their way to be, at the end. */
function stemsOf({ cues }: Rehearsal): readonly string[] {
  const gains = new Map<string, number>();
  for (const cue of cues) if (cue.kind === "layer") gains.set(cue.stem, cue.gain);
  return [...gains].filter(([, gain]) => gain > 0).map(([stem]) => stem);
}

describe("exploration and combat", () => {
  const name = "1-flip-flop";
  const fight = [set(2, "intensity", 0.9), set(5, "intensity", 0.05)];

  test("a fight that wavers is one fight", async () => {
    const wavering = [set(2, "intensity", 0.9), set(4, "intensity", 0.5)];
    const rehearsal = await play(name, 25, [...wavering, set(7, "intensity", 0.8)]);
    expect(moodsOf(rehearsal)).toEqual(["explore", "combat"]);
  });

  test("an alarm within six seconds of a fight leaves the mood as it is, a later one does not", async () => {
    const alarm = (at: number) => [set(at, "intensity", 0.95), set(at + 0.5, "intensity", 0)];
    const early = await play(name, 45, [...fight, ...alarm(17.5)]);
    expect(moodsOf(early)).toEqual(["explore", "combat", "explore"]);
    const late = await play(name, 45, [...fight, ...alarm(25)]);
    expect(moodsOf(late)).toEqual(["explore", "combat", "explore", "combat", "explore"]);
  });

  test("after the fight the tune of before goes on", async () => {
    const [before, , after] = sectionsOf(await play(name, 30, fight));
    expect(after?.mood.name).toBe("explore");
    expect(after?.visit).toBe(before?.visit);
    expect(after?.startsAt).toBeLessThan(after?.entersAt ?? 0);
  });
});

describe("a boss with three phases", () => {
  const name = "2-boss";
  const arrival = [go(0, "hall"), go(6, "arena")];

  test("each phase leads to the next over a bridge, and little healing changes nothing", async () => {
    const rehearsal = await play(name, 120, [
      ...arrival,
      set(20, "health", 60),
      set(40, "health", 70),
      set(50, "health", 25),
      set(80, "health", 0),
      go(100, "hall"),
    ]);
    expect(moodsOf(rehearsal)).toEqual([
      "approach",
      "duel",
      "fury",
      "last-stand",
      "aftermath",
      "approach",
    ]);
    expect(bridgesOf(rehearsal)).toEqual(["duel to fury", "fury to last-stand"]);
  });

  test("a boss that heals for long falls back a phase, without a bridge", async () => {
    const healing = [set(20, "health", 60), set(40, "health", 90)];
    const rehearsal = await play(name, 60, [...arrival, ...healing]);
    expect(moodsOf(rehearsal)).toEqual(["approach", "duel", "fury", "duel"]);
    expect(bridgesOf(rehearsal)).toEqual(["duel to fury"]);
  });
});

describe("a victory that returns to where the music was", () => {
  test("the road is left for a fight and for the fanfare, and both lead back to its tune", async () => {
    const rehearsal = await play("3-victory", 60, [
      go(0, "field"),
      set(4, "intensity", 0.9),
      set(12, "intensity", 0),
      go(34, "results"),
      go(44, "field"),
    ]);
    expect(moodsOf(rehearsal)).toEqual(["road", "skirmish", "road", "fanfare", "road"]);
    const roads = sectionsOf(rehearsal).filter(({ mood }) => mood.name === "road");
    expect(roads.map(({ visit }) => visit)).toEqual([0, 0, 0]);
  });
});

describe("what the game asks for by itself", () => {
  test("a won fight sounds its sting and holds the fanfare for four bars, then the road goes on", async () => {
    const won: GameEvent[] = [
      { kind: "trigger", at: seconds(20), stinger: "won" },
      {
        kind: "hold",
        at: seconds(20),
        id: 1,
        mood: "fanfare",
        priority: 10,
        lasts: { value: 4, unit: "bars" },
      },
    ];
    const fight = [go(0, "field"), set(4, "intensity", 0.9)];
    const rehearsal = await play("3-victory", 60, [...fight, ...won, set(22, "intensity", 0)]);
    expect(moodsOf(rehearsal)).toEqual(["road", "skirmish", "fanfare", "road"]);
    expect(rehearsal.sources.some((source) => source.startsWith("stinger won"))).toBe(true);
    expect(rehearsal.ducks).toHaveLength(1);
  });

  test("a doorway is a blend of two colours, and the stronger place plays", async () => {
    const weights = (at: number, inn: number): GameEvent => ({
      kind: "blend",
      at: seconds(at),
      weights: { village: 1 - inn, inn },
    });
    const walk = [0.2, 0.4, 0.6, 0.8, 1].map((inn, step) => weights(5 + step, inn));
    const rehearsal = await play("4-day-and-night", 30, [go(0, "village"), ...walk]);
    const colours = rehearsal.cues.filter(({ kind }) => kind === "colour");
    expect(colours.length).toBeGreaterThanOrEqual(4);
    expect(moodsOf(rehearsal)).toEqual(["day", "inn"]);
  });

  test("a dialogue that matters is held until it is released", async () => {
    const rehearsal = await play("5-dialogue", 50, [
      go(0, "square"),
      { kind: "hold", at: seconds(8), id: 1, mood: "hush", priority: 0, lasts: undefined },
      { kind: "release", at: seconds(24), id: 1 },
    ]);
    expect(moodsOf(rehearsal)).toEqual(["market", "hush", "market"]);
  });

  test("the door opens on a downbeat, and daylight begins with it", async () => {
    const rehearsal = await play("6-escape", 60, [
      go(0, "shaft"),
      {
        kind: "hit",
        at: seconds(30),
        name: "door",
        time: seconds(37.4),
        strength: unitInterval(0.9),
      },
      go(36.5, "outside"),
    ]);
    const daylight = sectionsOf(rehearsal).find(({ mood }) => mood.name === "daylight");
    expect(Math.abs((daylight?.entersAt ?? 0) - 37.4)).toBeLessThan(0.03);
  });
});

describe("day and night in places within places", () => {
  const name = "4-day-and-night";

  test("the hour decides outdoors and in the inn, and not in the cellar", async () => {
    const rehearsal = await play(name, 80, [
      go(0, "village"),
      set(1, "hour", 20.5),
      set(6, "hour", 21.2),
      go(20, "inn"),
      go(30, "cellar"),
      go(40, "inn"),
      set(50, "hour", 6.5),
      go(65, "village"),
    ]);
    const moods = ["day", "night", "inn-late", "cellar", "inn-late", "inn", "day"];
    expect(moodsOf(rehearsal)).toEqual(moods);
  });

  test("midnight, where the hour falls from 24 to 0, changes nothing", async () => {
    const midnight = [set(1, "hour", 23.9), set(10, "hour", 0.1)];
    const rehearsal = await play(name, 30, [go(0, "village"), ...midnight]);
    expect(moodsOf(rehearsal)).toEqual(["day", "night"]);
  });
});

describe("a dialogue", () => {
  const name = "5-dialogue";
  const talk = [go(0, "square"), set(4, "intensity", 0.1), go(4.2, "aside")];

  test("leaves the chords alone, in the same section", async () => {
    const rehearsal = await play(name, 12, talk);
    expect(sectionsOf(rehearsal).map(({ mood }) => mood.name)).toEqual(["market"]);
    expect(stemsOf(rehearsal)).toEqual(["harmony"]);
  });

  test("gives all stems back after its end", async () => {
    const rehearsal = await play(name, 30, [...talk, set(12, "intensity", 0.7), go(12, "square")]);
    expect(sectionsOf(rehearsal).map(({ mood }) => mood.name)).toEqual(["market"]);
    expect(stemsOf(rehearsal)).toHaveLength(5);
  });

  test("that matters has a mood of its own, and leads back", async () => {
    const rehearsal = await play(name, 50, [go(0, "square"), go(8, "chapel"), go(24, "square")]);
    expect(moodsOf(rehearsal)).toEqual(["market", "hush", "market"]);
  });
});

describe("a timed escape", () => {
  const name = "6-escape";

  test("the seconds that are left drive the music through its steps, up to the door", async () => {
    const rehearsal = await play(name, 100, [
      go(0, "shaft"),
      set(10, "intensity", 80),
      set(40, "intensity", 50),
      set(72, "intensity", 18),
      go(85, "outside"),
    ]);
    expect(moodsOf(rehearsal)).toEqual(["alarm", "run", "sprint", "daylight"]);
    expect(bridgesOf(rehearsal)).toEqual(["alarm to run", "run to sprint"]);
  });

  test("a time bonus takes the music back a step", async () => {
    const bonus = [set(40, "intensity", 18), set(60, "intensity", 40)];
    const rehearsal = await play(name, 80, [go(0, "shaft"), ...bonus]);
    expect(moodsOf(rehearsal)).toEqual(["alarm", "sprint", "run"]);
  });
});

describe("recorded stems", () => {
  const name = "7-recorded";
  const recorded = Object.fromEntries(
    scoreOf(name).takes.map((spec) => [spec.name, { at: -1, pcm: countingTake(spec, RATE).pcm }]),
  );
  const evening: readonly GameEvent[] = [
    go(0, "harbour"),
    { kind: "trigger", at: seconds(2), stinger: "found" },
    set(6, "intensity", 0.9),
  ];

  test("the groove, the fill that leads to the chase and the hit are those of the files", async () => {
    const rehearsal = await play(name, 30, evening, recorded);
    expect(moodsOf(rehearsal)).toEqual(["harbour", "chase"]);
    expect(bridgesOf(rehearsal)).toEqual(["harbour to chase"]);
    const { sources } = rehearsal;
    expect(sources[0]).toBe("harbour 0 bank bass:walking drums:groove");
    expect(sources).toContain("harbour 0 bank drums:fill");
    expect(sources).toContain("stinger found authored");
    const [, fill] = sectionsOf(rehearsal);
    const { entersAt = 0 } = fill ?? {};
    expect(heard(rehearsal, "1:drums", entersAt + 0.5).sample / RATE).toBeCloseTo(0.5, 2);
    expect(rehearsal.played.filter(({ voice }) => voice === "1:melody")).toEqual([]);
  });

  test("the quay has the drums of the band and a bass that is written", async () => {
    const rehearsal = await play(name, 20, [go(0, "quay")], recorded);
    expect(rehearsal.sources).toContain("quay 0 bank drums:groove");
  });

  test("without its files the same game has the same moods, bridges and stingers, generated", async () => {
    const without = await play(name, 30, evening);
    const withFiles = await play(name, 30, evening, recorded);
    expect(without.cues).toEqual(withFiles.cues);
    expect(without.sources.some((source) => /:|authored/.test(source))).toBe(false);
    expect(without.sources).toContain("stinger found bank");
  });
});
