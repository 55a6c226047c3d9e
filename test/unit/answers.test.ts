import { afterEach, describe, expect, test, vi } from "vitest";
import { afterwards } from "../../engine/afterwards.ts";
import { nextControlPoint } from "../../engine/conductor/decisions.ts";
import { Foresight } from "../../engine/conductor/foresight.ts";
import { Stage } from "../../engine/conductor/stage.ts";
import { openRecording } from "../../engine/open-save.ts";
import { randomAt } from "../../engine/music/random.ts";
import { seconds } from "../../engine/time/units.ts";
import { session, type Session } from "../helpers/game-session.ts";
import { score } from "../helpers/score.ts";

const SCORE = score();
const TICK = 0.04;

/** A session whose clock is looked at every 40 ms, and in between where the game does something. */
class Played {
  readonly game: Session = session(SCORE);
  readonly #foresight = new Foresight();

  constructor() {
    this.game.conductor.begin(seconds(0));
    this.tick(0);
  }

  tick(now: number): void {
    this.game.now = now;
    this.game.log.tick(this.#foresight.look(seconds(now)));
  }

  tickUntil(time: number): void {
    for (let now = this.game.now + TICK; now <= time; now += TICK) this.tick(now);
  }

  set(name: string, value: number | string, now: number): void {
    const { inbox, log } = this.game;
    this.game.now = now;
    const event = inbox.read(name, value, seconds(now));
    if (event !== undefined) log.take(event, seconds(now));
    log.answer({
      now: () => seconds(now),
      glance: () => this.#foresight.glance(seconds(now), nextControlPoint(seconds(now))),
    });
  }

  recording() {
    return this.game.recorder.recording(seconds(this.game.now));
  }
}

afterEach(() => vi.restoreAllMocks());

describe("what the game sets between two ticks", () => {
  test("moves a level from that moment on, though it is decided for the control point that follows", () => {
    const played = new Played();
    played.tickUntil(4);
    const setLevel = vi.spyOn(Stage.prototype, "setLevel");
    played.set("intensity", 0.65, 4.013);
    const moved = setLevel.mock.calls.map(([{ stem, gain, at }, from]) => ({
      stem,
      gain,
      at,
      from,
    }));
    expect(moved.map(({ stem }) => stem)).toEqual(["counter", "drums"]);
    for (const { gain, at, from } of moved) {
      expect(gain).toBeGreaterThan(0.5);
      expect(at).toBeCloseTo(4.05);
      expect(from).toBeCloseTo(4.013);
    }
    played.tickUntil(5);
    expect(setLevel).toHaveBeenCalledTimes(2);
  });

  test("waits for the tick where it moves nothing, is nothing new, or its control point is decided", () => {
    const played = new Played();
    played.tickUntil(4);
    const { state } = played.game.conductor;
    played.set("intensity", 0, 4.001);
    played.set("intensity", 0.05, 4.002);
    played.set("location", "field", 4.003);
    expect(played.game.conductor.state).toBe(state);
    expect(played.game.inbox.waiting).toHaveLength(3);
    played.set("intensity", 0.65, 4.004);
    const decided = played.game.conductor.state;
    expect(decided).not.toBe(state);
    played.set("intensity", 0.1, 4.005);
    expect(played.game.conductor.state).toBe(decided);
    expect(played.game.inbox.waiting).toHaveLength(1);
  });

  test("never has decisions run further ahead than the next control point", () => {
    const played = new Played();
    for (let frame = 1; frame < 500; frame += 1) {
      const now = frame * 0.004;
      if (frame % 10 === 0) played.tick(now);
      played.set("intensity", frame % 2, now);
      expect(played.game.conductor.state.controlPoints * 0.05).toBeLessThan(now + 0.1 + 1e-9);
    }
  });

  test("is decided the same when the recording is played back", () => {
    const played = new Played();
    const places = ["meadow", "cave", "field", "grotto"];
    for (let frame = 1; frame < 1000; frame += 1) {
      const now = frame * 0.013;
      const chance = randomAt(7, "game", frame);
      if (frame % 3 === 0) played.tick(now);
      if (chance < 0.2) played.set("intensity", randomAt(7, "value", frame), now);
      else if (chance < 0.21) played.set("location", places[frame % 4] ?? "", now);
    }
    const recording = played.recording();
    const again = session(SCORE);
    again.log.play(openRecording(SCORE, recording));
    again.conductor.begin(seconds(0));
    const foresight = new Foresight();
    for (let now = 0; now <= recording.until; now += TICK)
      again.log.tick(foresight.look(seconds(now)));
    const { cues } = again.recorder.recording(seconds(recording.until));
    expect(cues.length).toBeGreaterThan(100);
    // The last ticks of the two do not fall on the same control point.
    expect(cues.slice(0, -20)).toEqual(recording.cues.slice(0, cues.length - 20));
    expect(played.game.conductor.state.missedSyncPoints).toBe(0);
  });
});

test("what is asked for many times in one go is done once, and again in the next", async () => {
  const run = vi.fn();
  const ask = afterwards(run);
  for (const _ of [1, 2, 3]) ask();
  expect(run).not.toHaveBeenCalled();
  await Promise.resolve();
  expect(run).toHaveBeenCalledTimes(1);
  ask();
  await Promise.resolve();
  expect(run).toHaveBeenCalledTimes(2);
});
