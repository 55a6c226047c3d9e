import { describe, expect, test } from "vitest";
import type { GameEvent } from "../../engine/director/event.ts";
import { openRecording } from "../../engine/open-save.ts";
import type { Recording } from "../../engine/recorder.ts";
import { readRecording } from "../../engine/saved-music-shape.ts";
import type { SavedMusic } from "../../engine/saved-music.ts";
import { seconds, type Seconds } from "../../engine/time/units.ts";
import { asJson, busyGame, busyScore as written, load, nextTurn } from "../helpers/busy-game.ts";
import { lookAt, session } from "../helpers/game-session.ts";
import { mood, rule, score, stinger, transition } from "../helpers/score.ts";

const at = (time: number): Seconds => seconds(time);

async function replayed(recording: Recording): Promise<Recording> {
  const again = session(written);
  again.log.play(openRecording(written, recording));
  again.now = recording.from?.time ?? 0;
  again.conductor.begin(seconds(0));
  if (recording.from === null) again.log.tick(lookAt(0));
  await again.play(recording.until);
  return again.recorder.recording(seconds(again.now));
}

/** The notes of every phrase, for each section that had other ones. */
const notesOf = ({ tunes }: Recording): ReadonlyMap<string, string> =>
  new Map(
    tunes.flatMap(({ name, takes }) =>
      takes.map(({ index, section, notes }): [string, string] => [
        `${name} ${index} in ${section}`,
        JSON.stringify(notes),
      ]),
    ),
  );

describe("a recording", () => {
  test("of ten minutes passes its reader and replays from its checkpoint to the same cues and notes", async () => {
    const game = session(written, { hasModel: true });
    await game.play(600, busyGame(game));
    const recording = readRecording(asJson(game.recorder.recording(seconds(game.now))));
    expect(recording.from?.time).toBeGreaterThan(200);
    expect(recording.until - (recording.from?.time ?? 0)).toBeGreaterThanOrEqual(240);
    const again = await replayed(recording);
    expect(recording.cues.length).toBeGreaterThan(200);
    expect(again.cues).toEqual(recording.cues);
    const heard = notesOf(recording);
    for (const [phrase, notes] of notesOf(again)) {
      if (heard.has(phrase)) expect([phrase, notes]).toEqual([phrase, heard.get(phrase)]);
    }
    expect(readRecording(asJson(again)).events).toEqual(recording.events);
  });

  test.each([61.2, 64.7, 71.5, 79, 94.3])(
    "that begins while much is on its way (%d s) replays to the same cues",
    async (moment) => {
      const game = session(written, { hasModel: true });
      await game.play(moment - 60, busyGame(game));
      // A restart puts the checkpoints elsewhere among the game's deeds.
      game.recorder.restart(game.log.save(seconds(game.now)));
      await game.play(moment, busyGame(game));
      game.recorder.restart(game.log.save(seconds(game.now)));
      await game.play(moment + 30, busyGame(game));
      const recording = asJson(game.recorder.recording(seconds(game.now)));
      expect(recording.from?.time).toBeCloseTo(moment, 6);
      expect((await replayed(recording)).cues).toEqual(recording.cues);
    },
  );

  test("has of a tune that was forgotten and came back both the notes that it had", async () => {
    const cut = { at: "immediate", fade: { value: 0, unit: "seconds" } } as const;
    const restless = score({
      moods: [mood("calm"), mood("danger"), mood("mystery")],
      rules: [
        rule("danger", "intensity > 0.7", "intensity < 0.5"),
        rule("mystery", "intensity < 0.2", "intensity > 0.3"),
      ],
      transitions: [
        transition({ to: ["calm"], enter: "last position", ...cut }),
        transition({ enter: "start", ...cut }),
      ],
    });
    const game = session(restless, { hasModel: true });
    const set = (value: number): void =>
      game.log.take({ kind: "signal", at: at(game.now), name: "intensity", value }, at(game.now));
    set(0.4);
    game.log.tick(lookAt(0));
    await game.play(3);
    for (let change = 0; change < 30; change += 1) {
      set(change % 2 === 0 ? 1 : 0);
      await game.play(game.now + 1.2);
    }
    set(0.4);
    await game.play(game.now + 3);
    const recording = readRecording(asJson(game.recorder.recording(at(game.now))));
    const first = recording.tunes
      .find(({ name }) => name === "calm#0")
      ?.takes.filter(({ index }) => index === 0);
    expect(first).toHaveLength(2);
    expect(first?.[0]?.notes).not.toEqual(first?.[1]?.notes);
    const again = session(restless);
    again.log.play(openRecording(restless, recording));
    again.log.tick(lookAt(0));
    await again.play(recording.until);
    const replay = again.recorder.recording(at(again.now));
    expect(replay.cues).toEqual(recording.cues);
    expect(notesOf(replay)).toEqual(notesOf(recording));
  });

  test("has what the game does while it is told of things, and replays to the same cues", async () => {
    const play = async (): Promise<Recording> => {
      const game = session(written, { hasModel: true });
      const { log, inbox } = game;
      const saves: SavedMusic[] = [];
      const take = (event: GameEvent | undefined): void => {
        if (event !== undefined) log.take(event, at(game.now));
      };
      // Everything that a game might do when it hears of a change, and what makes the next one.
      game.on("mood", ({ to }) => {
        take(inbox.read("intensity", to === "calm" ? 0.9 : 0.1, at(game.now)));
        take(inbox.readTrigger("alarm", at(game.now)));
        saves.push(load(log.save(at(game.now))));
      });
      game.on("transition", ({ to }) => {
        if (to === "danger") take(inbox.readHit("gate", { in: "9s" }, at(game.now)));
        else take(inbox.readHold("mystery", { for: "1 bar" }, at(game.now)));
      });
      game.on("take", () => take(inbox.read("nothing", 1, at(game.now))));
      game.on("warning", () => take(inbox.read("location", "cave", at(game.now))));
      game.on("stinger", () => take(inbox.readTimeScale(1.2, at(game.now))));
      log.tick(lookAt(0));
      await game.play(58, busyGame(game));
      expect(saves.length).toBeGreaterThan(3);
      return asJson(game.recorder.recording(seconds(game.now)));
    };
    const recording = await play();
    expect(await play()).toEqual(recording);
    expect((await replayed(readRecording(recording))).cues).toEqual(recording.cues);
  });

  test("has of every change of mood which transition was taken and who asked, as the game is told", async () => {
    const loud = score({ rules: [rule("danger", "intensity > 0.7", "intensity < 0.5")] });
    const game = session(loud);
    game.log.tick(lookAt(0));
    await game.play(12);
    const event = { kind: "signal", at: at(game.now), name: "intensity", value: 1 } as const;
    game.log.take(event, at(game.now));
    await game.play(20);
    const because = "rules[0]: it holds until intensity < 0.5 (1: no)";
    expect(game.told.findLast(({ kind }) => kind === "transition")?.event).toMatchObject({
      from: "calm",
      to: "danger",
      matched: 0,
      because,
    });
    const { cues } = game.recorder.recording(seconds(game.now));
    const said = cues.findLast((cue) => cue.includes(" section "));
    expect(said).toContain(`by transitions[0] at beat, because ${because}`);
  });

  test("has every stinger that was dropped, and why, however often", async () => {
    const game = session(
      score({
        stingers: [stinger("alarm", { cooldown: at(8) }), stinger("rare", { moods: ["danger"] })],
      }),
    );
    game.log.tick(lookAt(0));
    for (const [moment, name] of [
      [1, "alarm"],
      [3, "alarm"],
      [4, "alarm"],
      [5, "rare"],
    ] as const) {
      await game.play(moment);
      game.log.take({ kind: "trigger", at: at(game.now), stinger: name }, at(game.now));
    }
    await game.play(8);
    const { dropped } = readRecording(asJson(game.recorder.recording(at(game.now))));
    expect(dropped).toEqual([
      "3.000000 stinger alarm: cooling-down",
      "4.000000 stinger alarm: cooling-down",
      "5.000000 stinger rare: not-in-this-mood",
    ]);
  });

  test("has what the game set before the music began, in the order in which it was said", async () => {
    const game = session(written);
    game.on("warning", () =>
      game.log.take({ kind: "signal", at: at(0), name: "intensity", value: 0.2 }, at(0)),
    );
    game.log.take({ kind: "signal", at: at(0), name: "intensity", value: 9 }, at(0));
    game.log.tick(lookAt(0));
    await game.play(5);
    const recording = readRecording(asJson(game.recorder.recording(seconds(5))));
    expect(recording.events.map((event) => event.kind === "signal" && event.value)).toEqual([
      9, 0.2,
    ]);
    expect((await replayed(recording)).cues).toEqual(recording.cues);
  });

  test("has the place that was set before the music began", async () => {
    const game = session(written);
    game.log.take({ kind: "location", at: seconds(0), name: "cave" }, seconds(0));
    game.log.tick(lookAt(0));
    await game.play(5);
    const recording = readRecording(asJson(game.recorder.recording(seconds(5))));
    expect(recording.cues[0]).toContain("mystery#0 on glass");
    const again = await replayed(recording);
    expect(again.cues).toEqual(recording.cues);
    expect(again.events).toEqual(recording.events);
  });

  test("has its first half bars rendered as they were heard, before it begins", async () => {
    const game = session(written, { hasModel: true });
    for (let turn = 0; turn < 20 && !game.conductor.prepareOpening(); turn += 1) await nextTurn();
    game.log.tick(lookAt(0));
    await game.play(6);
    const recording = readRecording(asJson(game.recorder.recording(seconds(6))));
    const first = notesOf(recording).get("calm#0 0");

    const again = session(written, { hasModel: true });
    again.log.play(openRecording(written, recording));
    for (let turn = 0; turn < 20 && !again.conductor.prepareOpening(); turn += 1) await nextTurn();
    const before = again.rendered.length;
    expect(before).toBeGreaterThan(0);
    again.log.tick(lookAt(0));
    await nextTurn();
    expect(notesOf(again.recorder.recording(seconds(0))).get("calm#0 0")).toBe(first);
    const prepared = new Set(again.rendered.slice(0, before).map(({ take }) => take));
    // The phrase that was prepared is the one that plays: nothing of it is rendered under another name.
    expect([...prepared].filter((take) => take.startsWith("calm#0"))).not.toEqual([]);
    const [live] = again.conductor.sections;
    expect([...prepared].some((take) => take.startsWith(`${live?.phrases[0]?.name}:`))).toBe(true);
  });

  test("begins anew where the music is put somewhere else", async () => {
    const game = session(written);
    await game.play(20, busyGame(game));
    const saved = load(game.log.save(seconds(game.now)));
    await game.play(40, busyGame(game));
    game.restore(saved);
    await game.play(50, busyGame(game));
    const recording = readRecording(asJson(game.recorder.recording(seconds(game.now))));
    expect(recording.from?.time).toBe(20);
    expect((await replayed(recording)).cues).toEqual(recording.cues);
  });

  test("replayed is not the game's to change", () => {
    const game = session(written);
    game.log.play(openRecording(written, game.recorder.recording(seconds(0))));
    game.log.take({ kind: "location", at: seconds(0), name: "cave" }, seconds(0));
    game.log.tick(lookAt(0.1));
    expect(game.conductor.state.location).toBe("meadow");
    const warnings = game.told.filter(({ kind }) => kind === "warning");
    expect(warnings).toMatchObject([{ event: { code: "replaying" } }]);
  });
});
