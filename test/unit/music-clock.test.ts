import { describe, expect, test } from "vitest";
import { MusicClock } from "../../engine/music-clock.ts";
import { seconds, type Seconds } from "../../engine/time/units.ts";

const RATE = 8000;
/** Seconds from `pause` to silence. */
const FADE = 0.03;

/** A player whose context the test moves on. */
function clock(outputLatency = 0.02): { clock: MusicClock; wait: (time: number) => void } {
  let context = 10;
  let pausedAt = 0;
  const player = {
    now: (): Seconds => seconds(context),
    latency: seconds(0.01),
    sampleRate: RATE,
    context: { outputLatency } as AudioContext,
    pause: (): Seconds => {
      pausedAt = context + FADE;
      return seconds(pausedAt);
    },
    resume: (at: Seconds): Seconds => seconds(at - pausedAt),
  };
  return { clock: new MusicClock(player), wait: (time) => (context += time) };
}

describe("the clock of the music", () => {
  test("stands until it runs, and for the moment that is needed to begin", () => {
    const { clock: music, wait } = clock();
    wait(5);
    expect(music.now()).toBe(0);
    const origin = music.run();
    expect(origin * RATE).toBeCloseTo(Math.round(origin * RATE), 6);
    expect(music.now()).toBe(0);
    wait(0.1);
    expect(music.now()).toBeCloseTo(0, 3);
    wait(2);
    expect(music.now()).toBeCloseTo(2, 3);
  });

  test("never goes back", () => {
    const { clock: music, wait } = clock();
    music.run();
    wait(3);
    const before = music.now();
    music.pause();
    expect(music.now()).toBeGreaterThanOrEqual(before);
    music.resume();
    expect(music.now()).toBeGreaterThanOrEqual(before);
  });

  test("stands while it is paused and goes on from the very place", () => {
    const { clock: music, wait } = clock();
    music.run();
    wait(3.1);
    music.pause();
    const stands = music.now();
    expect(stands).toBeCloseTo(3 + FADE, 3);
    wait(60);
    expect(music.now()).toBe(stands);
    music.resume();
    expect(music.now()).toBe(stands);
    wait(1.1);
    expect(music.now()).toBeCloseTo(stands + 1, 3);
  });

  test("goes on at another moment where it was put there, on a whole frame", () => {
    const { clock: music, wait } = clock();
    music.setTo(seconds(61.3));
    expect(music.now()).toBe(61.3);
    const origin = music.run();
    expect(origin * RATE).toBeCloseTo(Math.round(origin * RATE), 6);
    expect(music.now()).toBe(61.3);
    wait(1.1);
    expect(music.now()).toBeCloseTo(62.3, 3);
  });

  test("put elsewhere while it is paused, goes on there when it is resumed", () => {
    const { clock: music, wait } = clock();
    music.run();
    wait(30);
    music.pause();
    music.setTo(seconds(4));
    wait(10);
    expect(music.now()).toBe(4);
    music.resume();
    wait(1.1);
    expect(music.now()).toBeCloseTo(5, 3);
  });

  test("is heard later than it is made, by the limiter and the device", () => {
    const { clock: music, wait } = clock();
    const origin = music.run();
    wait(5.1);
    expect(music.now() - music.heardNow()).toBeCloseTo(0.03, 6);
    expect(music.audibleAt(seconds(2))).toBeCloseTo(origin + 2.01, 6);
    const silent = clock(Number.NaN).clock;
    silent.run();
    expect(silent.heardNow()).toBeCloseTo(-0.01, 6);
  });
});
