import { describe, expect, test, vi } from "vitest";
import { Stage } from "../../engine/conductor/stage.ts";
import type { GameEvent } from "../../engine/director/event.ts";
import { seconds, type Seconds } from "../../engine/time/units.ts";
import { busyGame, busyScore as written, load, nextTurn } from "../helpers/busy-game.ts";
import { lookAt, session, type Session } from "../helpers/game-session.ts";
import { imbalances } from "../helpers/rehearsal.ts";
import { mood } from "../helpers/score.ts";

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

  test("made while a stinger sounds goes on with it, with the notes that it had", async () => {
    const game = session(written, { hasModel: true });
    await game.play(5);
    game.log.take({ kind: "trigger", at: at(5), stinger: "alarm" }, at(5));
    await game.play(9);
    const saved = load(game.log.save(at(9)));
    const notes = saved.tunes.find(({ name }) => name === "stinger alarm at 8.000")?.takes;
    expect(notes).toHaveLength(1);
    const other = session(written);
    other.restore(saved);
    // Also where it is saved again before it sounds.
    expect(load(other.log.save(at(9))).tunes).toContainEqual({
      name: "stinger alarm at 8.000",
      takes: notes,
    });
    await other.play(10);
    const shot = other.rendered.find(({ take }) => take.startsWith("stinger"));
    expect(shot?.at).toBeLessThan(9.3);
    expect(load(other.log.save(at(10))).tunes).toContainEqual({
      name: "stinger alarm at 8.000",
      takes: notes,
    });
    // It was told when it began.
    expect(other.told.filter(({ kind }) => kind === "stinger")).toEqual([]);
    await other.play(15);
    expect(other.held.has(shot?.take ?? "")).toBe(false);
    expect(load(other.log.save(at(15))).tunes.some(({ name }) => name.startsWith("stinger"))).toBe(
      false,
    );
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
    const stingers = ["stinger:0", "stinger:1", "stinger:2"];
    expect(forget.mock.calls.flat().toSorted()).toEqual(["0", "1", ...stingers]);
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
