import { describe, expect, test } from "vitest";
import type { Deck } from "../../engine/audio/deck.ts";
import { randomAt } from "../../engine/music/random.ts";
import { decibels, seconds } from "../../engine/time/units.ts";
import { createMixdown } from "../../integrations/cli/bake/mixdown.ts";
import { createTape, type Tape } from "../../integrations/cli/bake/tape.ts";
import { chunkOf, renderDeck } from "../helpers/pcm-render.ts";
import { RATE } from "../helpers/pcm-signals.ts";

const LENGTH = 4;

/** What player and tape have in common. */
type Stage = Pick<Deck, "open" | "play" | "close" | "setColour" | "duck" | "dip" | "setDipDepth"> &
  Pick<Tape, "setLevel" | "reopen">;

const noise =
  (seed: number, loudness: number) =>
  (frame: number): number =>
    loudness * (2 * randomAt(seed, frame) - 1) * (frame % 11_025 < 4000 ? 1 : 0.2);

/** Plays half seconds of a voice from a time on, joined. */
function play(
  stage: Stage,
  voice: string,
  seed: number,
  loudness: number,
  from: number,
  room = 1,
  pan = 0,
): void {
  stage.open(voice, { at: seconds(from), fade: seconds(0), level: 0.8, room, pan });
  for (let half = 0; half < 4; half += 1) {
    const chunk = chunkOf(
      RATE / 2,
      (frame) => noise(seed, loudness)(half * (RATE / 2) + frame),
      (frame) => noise(seed + 7, loudness)(half * (RATE / 2) + frame),
    );
    stage.play(voice, chunk, seconds(from + half / 2));
  }
}

async function bake(script: (stage: Stage) => void): Promise<Float32Array> {
  const tape = createTape(RATE);
  script(tape);
  const parts: Float32Array[] = [];
  const mixdown = createMixdown(tape, {
    mix: ({ left }) => Promise.resolve(void parts.push(left.slice())),
    stem: () => Promise.resolve(),
  });
  await mixdown.finish(LENGTH * RATE);
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** How far the tape's mix is below the player's, in decibels, where both are heard. */
async function differenceDb(script: (stage: Stage) => void): Promise<number> {
  const baked = await bake(script);
  const { left, heardAt } = await renderDeck({ length: LENGTH, script });
  const delay = heardAt(0);
  let [power, error] = [0, 0];
  for (let frame = 0; frame + delay < left.length; frame += 1) {
    const live = left[frame + delay] ?? 0;
    power += live ** 2;
    error += (live - (baked[frame] ?? 0)) ** 2;
  }
  expect(power / left.length).toBeGreaterThan(1e-5);
  return 10 * Math.log10(error / power);
}

describe("a mix on the tape is the player's mix", () => {
  test("with joins, levels and a crossfade", async () => {
    const difference = await differenceDb((stage) => {
      play(stage, "1:melody", 1, 0.2, 0.25);
      play(stage, "2:melody", 2, 0.2, 1.25);
      stage.close("1:melody", { at: seconds(1.25), fade: seconds(0.5) });
      stage.setLevel("2:melody", 0.3, { at: seconds(2), ramp: seconds(0.2) });
    });
    expect(difference).toBeLessThan(-60);
  });

  test("in a room, behind a wall, under a duck", async () => {
    const difference = await differenceDb((stage) => {
      play(stage, "1:melody", 3, 0.15, 0.25);
      play(stage, "stinger:1:melody", 4, 0.1, 1);
      stage.duck("1", {
        by: decibels(-9),
        at: seconds(1),
        attack: seconds(0.1),
        until: seconds(1.5),
        release: seconds(0.4),
      });
      const place = { level: decibels(-2), ramp: seconds(0.5) };
      stage.setColour({ room: 0.5, brightness: 0.4, at: seconds(0.6), ...place });
      stage.setColour({ room: 0.2, brightness: 1, at: seconds(1.6), ...place });
    });
    expect(difference).toBeLessThan(-60);
  });

  test("with voices of which the room gets little, nothing and all, while the place changes", async () => {
    const difference = await differenceDb((stage) => {
      const place = { level: decibels(-1), ramp: seconds(0.5) };
      stage.setColour({ room: 0.6, brightness: 0.7, at: seconds(0.2), ...place });
      play(stage, "1:bass", 8, 0.15, 0.25, 0.2);
      play(stage, "1:drums", 9, 0.1, 0.5, 0);
      play(stage, "1:harmony", 10, 0.1, 1, 1);
      play(stage, "stinger:1:melody", 11, 0.1, 1.25, 0.5);
      stage.duck("1", {
        by: decibels(-6),
        at: seconds(1.25),
        attack: seconds(0.05),
        until: seconds(1.75),
        release: seconds(0.3),
      });
    });
    expect(difference).toBeLessThan(-60);
  });

  test("with a pad that gives way to kicks, under a layer that goes", async () => {
    const difference = await differenceDb((stage) => {
      play(stage, "1:harmony", 12, 0.2, 0.25);
      const kicks = [0.5, 0.9, 1, 1.4, 2].map((at) => ({ at: seconds(at), to: 0.4 }));
      stage.dip("1:harmony", kicks.slice(2));
      stage.dip("1:harmony", kicks.slice(0, 3));
      stage.setDipDepth("1:harmony", 0.5, seconds(1.3));
      stage.setDipDepth("1:harmony", 0, seconds(1.9));
    });
    expect(difference).toBeLessThan(-60);
  });

  test.each([-1, -0.3, 0.6])("with a stinger from the side, at %f", async (pan) => {
    const difference = await differenceDb((stage) => {
      play(stage, "stinger:1:melody", 7, 0.2, 0.5, 0.5, pan);
    });
    expect(difference).toBeLessThan(-60);
  });

  test("so loud that the limiter holds it", async () => {
    const difference = await differenceDb((stage) => {
      play(stage, "1:melody", 5, 0.9, 0.25);
      play(stage, "1:bass", 6, 0.9, 0.5);
    });
    expect(difference).toBeLessThan(-40);
  });
});
