import { describe, expect, test } from "vitest";
import { planPhrase } from "../../../engine/composer/phrase-plan.ts";
import type { PhraseTake } from "../../../engine/composer/take.ts";
import type { LoadedTake } from "../../../engine/conductor/cut-take.ts";
import type { Phrase } from "../../../engine/conductor/phrase.ts";
import { Repertoire } from "../../../engine/conductor/repertoire.ts";
import { StingerDesk } from "../../../engine/conductor/stinger-desk.ts";
import type { StingerCue } from "../../../engine/director/cue.ts";
import type { BarPlan } from "../../../engine/music/bar-plan.ts";
import type { Chord } from "../../../engine/music/chord.ts";
import type { Note } from "../../../engine/music/note.ts";
import { perStem } from "../../../engine/music/stem.ts";
import type { Stinger } from "../../../engine/score/score.ts";
import {
  bpm,
  decibels,
  midiPitch,
  milliseconds,
  seconds,
  ticks,
  unitInterval,
  velocity,
} from "../../../engine/time/units.ts";
import { countingTake, takeSpec } from "../../helpers/authored.ts";
import { smallBank } from "../../helpers/bank.ts";
import { direct, ofKind, sections, set, trigger } from "../../helpers/directing.ts";
import { rehearse } from "../../helpers/rehearsal.ts";
import { mood, score, stinger } from "../../helpers/score.ts";
import { bareStage } from "../../helpers/stage.ts";
import { heldWriting } from "../../helpers/writing.ts";

const NOTES: readonly Note[] = [0, 1, 2, 3, 4].map((beat) => ({
  at: ticks(beat * 960),
  duration: ticks(960),
  pitch: midiPitch(62),
  velocity: velocity(80),
}));
const phrasePlan = planPhrase({
  mood: mood("calm"),
  visit: 0,
  index: 0,
  intensity: unitInterval(0.5),
  seed: 1,
});
const DUCK = { by: decibels(-6), attack: seconds(0.1), release: seconds(0.5) };

/** What the director cues when one asks for the alarm. */
function cued(changes: Partial<Stinger>, at = 2.2): StingerCue {
  const written = score({ stingers: [stinger("alarm", changes)] });
  const [cue] = ofKind(direct([trigger(at, "alarm")], 12, written), "stinger");
  if (cue === undefined) throw new Error("no stinger was cued");
  return cue;
}

interface Authored {
  readonly takeNamed?: () => LoadedTake | undefined;
  /** What is given to the player. */
  readonly play?: NonNullable<Parameters<typeof bareStage>[0]>["listen"];
}

function open(
  changes: Partial<Stinger> = {},
  phraseAt: (at: number) => Pick<Phrase, "firstBar" | "take"> | undefined = () => undefined,
  { takeNamed = () => undefined, play }: Authored = {},
) {
  const written = score({ stingers: [stinger("alarm", changes)] });
  const held = heldWriting();
  const repertoire = new Repertoire(smallBank, () => milliseconds(0), {
    answered: () => undefined,
    failed: (error) => {
      throw error;
    },
  });
  const bare = bareStage(play === undefined ? {} : { listen: play });
  const desk = new StingerDesk({
    score: written,
    seed: 1,
    repertoire,
    stage: bare.stage,
    takeNamed,
    themeNamed: () => undefined,
    phraseAt: (_, at) => phraseAt(at),
  });
  const [section] = sections(direct([], 1, written));
  if (section === undefined) throw new Error("nothing sounds");
  return { ...bare, desk, held, repertoire, section };
}

/** All that is asked of the player from the start of a stinger until long after it. */
async function playThrough(
  { desk, section, told, settle }: ReturnType<typeof open>,
  cue: StingerCue,
  during: (now: number) => void = () => undefined,
): Promise<readonly string[]> {
  desk.sound(cue, section, undefined);
  for (let now = cue.at - 0.5; now < cue.until + 5; now += 0.05) {
    desk.perform(seconds(now));
    await settle();
    during(now);
  }
  return told;
}

describe("a stinger", () => {
  test("begins to the frame where the director told, in a voice of its own", async () => {
    const cue = cued({ at: "beat" });
    expect(cue.at).toBe(3);
    const told = await playThrough(open(), cue);
    expect(told.slice(0, 2)).toEqual(["open stinger:0:melody 3", "play stinger:0:melody 3"]);
  });

  test("is opened where the game has put it, and as loud", async () => {
    const placing = { pan: -0.25, level: decibels(-20) };
    const [placed, plain] = [open(), open()];
    await playThrough(placed, { ...cued({}), placing });
    await playThrough(plain, cued({}));
    expect(placed.opened).toMatchObject([{ voice: "stinger:0:melody", pan: -0.25 }]);
    expect(placed.opened[0]?.level).toBeCloseTo(0.1, 9);
    expect(plain.opened).toMatchObject([{ level: 1, pan: 0 }]);
  });

  test("rings out after its last bar, and is then let go", async () => {
    const cue = cued({ bars: 1 });
    const played = open();
    const told = await playThrough(played, cue);
    // A bar of 4 s and what may ring.
    expect(told.find((line) => line.startsWith("close"))).toBe("close stinger:0:melody 8.5 0.08");
    expect(played.released).toEqual(["stinger 0:melody"]);
  });

  test("that is cut fades out there, and nothing more of it is rendered", async () => {
    const cue = cued({ bars: 4 });
    const played = open();
    const told = await playThrough(played, cue, (now) => {
      if (Math.abs(now - 4) < 0.01) played.desk.cut(0, seconds(4.5));
    });
    expect(told.find((line) => line.startsWith("close"))).toBe("close stinger:0:melody 4.5 0.08");
    const last = Math.max(...played.asked.map(({ from }) => from));
    const whole = open();
    await playThrough(whole, cue);
    expect(last).toBeLessThan(Math.max(...whole.asked.map(({ from }) => from)));
  });

  test("lowers the music from where it begins to where it ends, and where it is cut no longer", async () => {
    const cue = cued({ bars: 2, duck: DUCK });
    const ducks = (told: readonly string[]) => told.filter((line) => line.includes("duck"));
    const whole = await playThrough(open({ duck: DUCK }), cue);
    expect(ducks(whole)[0]).toBe("duck stinger:0 3 11");
    const played = open({ duck: DUCK });
    const cut = await playThrough(played, cue, (now) => {
      if (Math.abs(now - 4) < 0.01) played.desk.cut(0, seconds(4.5));
    });
    expect(ducks(cut).slice(0, 2)).toEqual(["duck stinger:0 3 11", "end duck stinger:0 4.5"]);
  });

  test("lets go of the music where all is stopped", () => {
    const { desk, section, told } = open({ duck: DUCK });
    desk.sound(cued({ duck: DUCK }), section, undefined);
    desk.stop(seconds(3.7));
    expect(told.at(-1)).toBe("end duck stinger:0 3.7");
  });

  test("is written beforehand, and after it was played another", async () => {
    const { desk, section, held, repertoire } = open();
    repertoire.writing = held.writing;
    desk.tend(section.mood);
    desk.tend(section.mood);
    expect(held.open.map(({ id }) => id)).toEqual(["stinger alarm calm 0 (1)"]);
    await held.answer(NOTES);
    expect(desk.sound(cued({}), section, undefined)?.source).toBe("model");
    desk.tend(section.mood);
    expect(held.open.map(({ id }) => id)).toEqual(["stinger alarm calm 1 (2)"]);
    expect(desk.sound({ ...cued({}), id: 1 }, section, undefined)?.source).toBe("bank");
  });

  test("that goes on in its middle plays what is left of the notes that it had, at once and at their place", async () => {
    const first = open({ bars: 2, duck: DUCK });
    const begun = cued({ bars: 2, duck: DUCK });
    const known = first.desk.sound(begun, first.section, undefined);
    expect(first.desk.tunes.map(({ name, takes }) => [name, takes.get(0)])).toEqual([
      ["stinger alarm at 3.000", known],
    ]);
    const { desk, section, told, asked, settle } = open({ bars: 2, duck: DUCK });
    const cue = { ...begun, id: 4, entersAt: seconds(5.6) };
    // What sounds under it by now has begun later, in bars of another length.
    const faster = { ...section, startsAt: seconds(4), tempo: bpm(133), entersAt: cue.entersAt };
    expect(desk.sound(cue, faster, known)).toBe(known);
    desk.perform(seconds(5.2));
    await settle();
    expect(told.slice(0, 3)).toEqual([
      "duck stinger:4 5.6 11",
      "open stinger:4:melody 5.6",
      "play stinger:4:melody 5.6",
    ]);
    // Half bars of two seconds each: the second is cut, the others fall where they would have; the last rings.
    expect(told.slice(3).map((line) => line.split(" ").at(-1))).toEqual(["7", "9", "11"]);
    expect(asked[0]?.from).toBe(2 * 8000);
  });

  test("that would go on without the notes that it had does not, and lowers nothing", () => {
    const { desk, section, told } = open({ bars: 2, duck: DUCK });
    const cue = { ...cued({ bars: 2, duck: DUCK }), entersAt: seconds(5.6) };
    expect(desk.sound(cue, section, undefined)).toBeUndefined();
    desk.perform(seconds(5.2));
    expect(told).toEqual([]);
    expect(desk.tunes).toEqual([]);
  });

  test("with a take of the composer's goes on in its middle as the file has it", () => {
    const spec = takeSpec({ name: "fanfare", tempo: bpm(80), bars: 2, loop: [0, 2] });
    const take = countingTake(spec, 8000);
    const authored = { name: "fanfare", pickup: seconds(0), lasts: seconds(6) };
    const played: { at: number; first: number | undefined }[] = [];
    const changes = { take: authored };
    const { desk, section } = open(changes, undefined, {
      takeNamed: () => take,
      play: ({ left }, at) => played.push({ at, first: left[0] }),
    });
    const cue = { ...cued(changes), entersAt: seconds(4.25) };
    expect(desk.sound(cue, section, undefined)).toBeUndefined();
    desk.perform(seconds(4));
    expect(played[0]).toEqual({ at: 4.25, first: 1.25 * 8000 });
    expect(played[1]).toEqual({ at: 4.5, first: 1.5 * 8000 });
  });

  test("that a recording knows is played as it was", async () => {
    const { desk, section } = open();
    const known: PhraseTake = { source: "model", bars: [], notes: perStem(() => NOTES) };
    expect(desk.sound(cued({}), section, known)).toBe(known);
  });

  test("follows the chords of the phrase under each of its bars", async () => {
    const phrases = [0, 5].map((root, firstBar): Pick<Phrase, "firstBar" | "take"> => {
      const chord: Chord = { root, quality: "min" };
      const bars = phrasePlan.bars.map((bar): BarPlan => ({ ...bar, chords: [chord, chord] }));
      return { firstBar, take: { source: "bank", bars, notes: perStem(() => []) } };
    });
    const { desk, section, held, repertoire } = open(
      { bars: 2 },
      (at) => phrases[Math.floor(at / 4)],
    );
    repertoire.writing = held.writing;
    desk.tend(section.mood);
    await held.answer(NOTES);
    const cue = { ...cued({ bars: 2 }), at: seconds(0), entersAt: seconds(0) };
    const melody = desk.sound(cue, section, undefined)?.notes.melody;
    // D F A, then G Bb D.
    expect(melody?.map(({ pitch }) => pitch % 12)).toEqual([2, 2, 2, 2, 7]);
  });
});

describe("of stingers that are asked for", () => {
  const voices = async (changes: Partial<Stinger>, ...others: readonly Stinger[]) => {
    const result = await rehearse({
      score: score({
        moods: [mood("calm"), mood("danger")],
        locations: [],
        stingers: [stinger("alarm", changes), ...others],
      }),
      events: [trigger(2.2, "alarm"), trigger(3.2, "alarm"), trigger(4.2, "siren"), set(5.2, 0.9)],
      until: 20,
      tick: 0.05,
    });
    const heard = result.opened.filter(({ voice }) => voice.startsWith("stinger:"));
    return heard.map(({ voice, at }) => {
      const { at: end = Infinity } = result.closed.find((each) => each.voice === voice) ?? {};
      return [at, end].map((time) => Math.round(time * 100) / 100);
    });
  };
  const siren = (changes: Partial<Stinger>) => stinger("siren", { bars: 1, ...changes });

  test("those within the cooldown are not played", async () => {
    expect(await voices({ cooldown: seconds(10) })).toEqual([[3, 8.5]]);
  });

  test("those beyond the most that may sound are not played", async () => {
    expect(await voices({ most: 1 }, siren({ most: 1 }))).toEqual([[3, 8.5]]);
  });

  test("one of higher priority ends another and is played", async () => {
    expect(await voices({ most: 1 }, siren({ most: 1, priority: 1 }))).toEqual([
      [3, 5],
      [5, 10.5],
    ]);
  });

  test.each([
    ["ring", 8.5],
    ["cut", 6],
  ] as const)(
    "one that is to %s ends at %f s where another mood begins at 6 s",
    async (next, end) => {
      expect(await voices({ next, cooldown: seconds(10) })).toEqual([[3, end]]);
    },
  );
});
