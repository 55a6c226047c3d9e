import { describe, expect, test, vi } from "vitest";
import { Stage } from "../../engine/conductor/stage.ts";
import type { GameEvent } from "../../engine/director/event.ts";
import { openRecording } from "../../engine/open-save.ts";
import type { Recording } from "../../engine/recorder.ts";
import { readRecording, readSaved } from "../../engine/saved-music-shape.ts";
import type { SavedMusic } from "../../engine/saved-music.ts";
import type { Score } from "../../engine/score/score.ts";
import { bpm, seconds, type Seconds } from "../../engine/time/units.ts";
import { lookAt, session, type Session } from "../helpers/game-session.ts";
import { imbalances } from "../helpers/rehearsal.ts";
import { mood, rule, score, stinger, transition } from "../helpers/score.ts";

const written: Score = score({
  moods: [mood("calm"), mood("danger", { tempo: bpm(110) }), mood("mystery")],
  stingers: [stinger("alarm", { at: "bar", cooldown: seconds(2) })],
  rules: [rule("danger", "intensity > 0.7", "intensity < 0.5")],
  transitions: [
    transition({ to: ["danger"], fade: { value: 3, unit: "seconds" } }),
    transition({ from: ["danger"], at: "phrase", bridge: { bars: 1, tempo: "ramp" } }),
    transition({ enter: "last position" }),
  ],
});

const asJson = <Data>(data: Data): Data => JSON.parse(JSON.stringify(data));
const load = (saved: SavedMusic): SavedMusic => readSaved(asJson(saved));

/** A game that does everything, over and over: what it does in a tick follows from the time alone. */
function busyGame({ log, inbox }: Session): (now: number) => void {
  return (now) => {
    const at = seconds(now - 0.01);
    const second = Math.floor(now);
    const is = (every: number, offset: number): boolean =>
      second % every === offset && Math.abs(now - second) < 0.05;
    const take = (event: GameEvent | undefined): void => {
      if (event !== undefined) log.take(event, at);
    };
    take(inbox.read("intensity", 0.5 + 0.45 * Math.sin(now / 7), at));
    if (is(13, 4)) take(inbox.read("location", second % 26 === 4 ? "cave" : "meadow", at));
    if (is(11, 3)) take(inbox.readTrigger("alarm", at));
    if (is(37, 9)) take(inbox.readHold("mystery", { for: "3 bars" }, at));
    if (is(53, 20)) take(inbox.readHit("gate", { in: "9.3s" }, at));
    if (is(71, 50)) take(inbox.readTimeScale(second % 2 === 0 ? 1.2 : 1, at));
  };
}

async function replayed(recording: Recording): Promise<Recording> {
  const again = session(written);
  again.log.play(openRecording(written, recording));
  again.now = recording.from?.time ?? 0;
  again.conductor.begin(seconds(0));
  if (recording.from === null) again.log.tick(lookAt(0));
  await again.play(recording.until);
  return again.recorder.recording(seconds(again.now));
}

/** The notes that were heard of every phrase that the replay came to. */
const notesOf = ({ tunes }: Recording): ReadonlyMap<string, string> =>
  new Map(
    tunes.flatMap(({ name, takes }) =>
      takes.map(({ index, notes }) => [`${name} ${index}`, JSON.stringify(notes)] as const),
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

  test("has what the game set before the music began", async () => {
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

describe("a save", () => {
  test("and restore, a hundred times over, stays readable, equal and as small", async () => {
    const game = session(written, { hasModel: true });
    await game.play(33.4, busyGame(game));
    const first = load(game.log.save(seconds(game.now)));
    let last = first;
    for (let round = 0; round < 100; round += 1) {
      game.restore(last);
      game.log.tick(lookAt(game.now));
      last = load(game.log.save(seconds(game.now)));
    }
    const { director, ...music } = last;
    expect(music).toEqual({ ...music, time: first.time, heard: first.heard, seed: first.seed });
    expect(director.section?.mood).toBe(first.director.section?.mood);
    expect(director.sections).toBeLessThan(first.director.sections + 400);
    const fresh = session(written);
    fresh.restore(first);
    const stale = session(written);
    stale.restore(last);
    const cuesOf = async (each: Session): Promise<readonly string[]> => {
      await each.play(first.time + 30, busyGame(each));
      const { cues } = each.recorder.recording(seconds(each.now));
      return cues.map((cue) => cue.replace(/(section|stinger|phrase|layer) \d+/, "$1"));
    };
    expect(await cuesOf(stale)).toEqual(await cuesOf(fresh));
    expect(JSON.stringify(last).length).toBeLessThan(JSON.stringify(first).length * 1.2);
  });

  test.each([
    ["between two ticks", 10.03],
    ["while the music stands", 10],
  ])("%s has what the game has just set, and decides nothing for it", async (_, moment) => {
    const game = session(written);
    await game.play(10);
    const set: GameEvent = { kind: "signal", at: at(10), name: "intensity", value: 0.9 };
    game.log.take(set, at(10));
    const before = game.conductor.state;
    const saved = load(game.log.save(at(moment)));
    expect(saved.director.signals["intensity"]?.target).toBe(0.9);
    expect(game.conductor.state).toBe(before);
    expect(game.inbox.waiting).toEqual([set]);
    await game.play(30);
    const other = session(written);
    other.restore(saved);
    await other.play(20 + moment);
    const sections = ({ recorder, now }: Session): readonly string[] =>
      recorder.recording(seconds(now)).cues.filter((cue) => cue.includes("section 1"));
    expect(sections(other)).toEqual(sections(game));
    expect(sections(game)).toHaveLength(1);
  });

  test("before the music has begun has what was set, and begins with it", async () => {
    const game = session(written);
    game.log.take({ kind: "location", at: at(0), name: "cave" }, at(0));
    const saved = load(game.log.save(at(0)));
    expect(saved.director.section).toBeNull();
    const other = session(written);
    other.restore(saved);
    other.log.tick(lookAt(0));
    expect(other.conductor.state.section?.mood.name).toBe("mystery");
  });

  test("made again before the restored music sounds has its tunes still", async () => {
    const game = session(written, { hasModel: true });
    await game.play(20, busyGame(game));
    const saved = load(game.log.save(seconds(game.now)));
    const other = session(written);
    other.restore(saved);
    const again = load(other.log.save(seconds(other.now)));
    const playing = saved.tunes.find(({ name }) => name.startsWith("calm#"));
    expect(again.tunes).toContainEqual(playing);
    expect(again.director).toEqual(saved.director);
  });

  test("brings back notes only for moods whose phrases are as long as they were", async () => {
    const game = session(written);
    await game.play(10);
    const saved = load(game.log.save(at(10)));
    const longer = { ...written, moods: [mood("calm", { phrase: 8 }), ...written.moods.slice(1)] };
    const other = session(longer);
    other.restore(saved);
    await other.play(20);
    const [live] = other.conductor.sections;
    expect(live?.phrases.map(({ plan }) => plan.bars.length)).toEqual([8, 8]);
    expect(live?.phrases[0]?.take?.bars).toHaveLength(8);
  });
});

describe("music that is put somewhere else", () => {
  test("leaves nothing with the renderer, however often", async () => {
    const game = session(written, { hasModel: true });
    await game.play(31, busyGame(game));
    const saved = load(game.log.save(at(31)));
    const sizes: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      await game.play(game.now + 6, busyGame(game));
      game.restore(saved);
      await nextTurn();
      sizes.push(game.held.size);
    }
    expect(sizes.every((size) => size === 0)).toBe(true);
  });

  test("has its old voices forgotten once nothing of them can arrive, however often it is put elsewhere", async () => {
    const forget = vi.spyOn(Stage.prototype, "forget");
    const game = session(written, { hasModel: true });
    await game.play(5);
    game.log.take({ kind: "trigger", at: at(5), stinger: "alarm" }, at(5));
    await game.play(8.5);
    const saved = load(game.log.save(at(8.5)));
    forget.mockClear();
    game.restore(saved);
    await game.play(10);
    game.restore(saved);
    await game.play(13);
    expect(forget).not.toHaveBeenCalled();
    await game.play(14);
    expect(forget.mock.calls.flat().toSorted()).toEqual(["0", "1", "stinger:0"]);
    forget.mockRestore();
  });

  test("withdraws all that was asked of the model, each request once", async () => {
    const game = session(written);
    const asked: string[] = [];
    const withdrawn: string[] = [];
    game.conductor.writing = {
      generate: ({ id }) => {
        asked.push(id);
        return new Promise(() => undefined);
      },
      cancel: (id) => withdrawn.push(id),
      revise: () => undefined,
      rest: () => undefined,
    };
    await game.play(3);
    expect(asked.length).toBeGreaterThan(0);
    game.restore(load(game.log.save(at(3))));
    expect(withdrawn.toSorted()).toEqual(asked.toSorted());
  });

  test.each([5, 20])(
    "leaves no take of what is gone waiting in the accounts (%i s)",
    async (time) => {
      const game = session({ ...written, stingers: [] }, { hasModel: true });
      const { total } = game.conductor.accounts.ledger;
      await game.play(time, busyGame(game));
      const saved = load(game.log.save(at(time)));
      expect(total.waiting).toBeGreaterThan(0);
      game.restore(saved);
      expect(total.waiting).toBe(0);
      expect(imbalances(total)).toEqual([]);
    },
  );

  test("tells of one mood, and of what is played once", async () => {
    const game = session(written, { hasModel: true });
    await game.play(20);
    const saved = load(game.log.save(at(20)));
    const other = session(written, { hasModel: true });
    other.restore(saved);
    await other.play(20.5);
    const moods = other.told.filter(({ kind }) => kind === "mood");
    expect(moods).toHaveLength(1);
    const takes = other.told.filter(({ kind }) => kind === "take").map(({ event }) => event);
    expect(new Set(takes.map((take) => JSON.stringify(take))).size).toBe(takes.length);
  });

  test("does not count what it plays again as heard twice", async () => {
    const game = session(written, { hasModel: true });
    await game.play(20);
    const saved = load(game.log.save(at(20)));
    const other = session(written);
    other.restore(saved);
    await other.play(20.5);
    expect(other.conductor.heard.phrases).toBe(saved.heard.phrases);
  });

  test("keeps its holds from handles of before", async () => {
    const game = session(written);
    await game.play(1);
    const held = game.inbox.readHold("danger", undefined, at(1));
    if (held !== undefined) game.log.take(held, at(1));
    await game.play(5);
    const saved = load(game.log.save(at(5)));
    game.restore(saved);
    game.log.take({ kind: "release", at: at(5), id: held?.id ?? 0 }, at(5));
    await game.play(6);
    expect(game.conductor.state.holds).toMatchObject([{ mood: "danger" }]);
    game.log.take({ kind: "release-mood", at: at(6), mood: "danger" }, at(6));
    await game.play(7);
    expect(game.conductor.state.holds).toEqual([]);
  });
});

const at = (time: number): Seconds => seconds(time);
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
