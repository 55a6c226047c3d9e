import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { playHostileGame, type Kept } from "../helpers/hostile-game.ts";
import { TIMES } from "../helpers/runs.ts";
import { simulatePage } from "../helpers/simulated-page.ts";
import { SimulatedEdge } from "../helpers/simulated-edge.ts";

/** Four games in the usual test command, 20,000 calls; `PROPERTY_RUNS=5` makes 100,000. */
const GAMES = 4 * TIMES;
const CALLS = 5000;

const edge = vi.hoisted((): { now: SimulatedEdge | undefined } => ({ now: undefined }));
vi.mock("../../engine/audio/player.ts", () => ({ createPlayer: () => edge.now?.player() }));
vi.mock("../../engine/crew.ts", () => ({
  employCrew: (options: Parameters<SimulatedEdge["employCrew"]>[0]) =>
    edge.now?.employCrew(options),
}));

beforeEach(() => {
  vi.useFakeTimers();
  simulatePage();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** More than any game needed that was played here, and far less than what grows with every call. */
const MOST: Kept = { save: 100_000, recording: 600_000, voices: 40, takes: 150, counters: 60 };

describe("a game that calls at random, and a fourth of it with what no game should give", () => {
  const seeds = Array.from({ length: GAMES }, (_, index) => index + 1);

  test.each(seeds)(
    "game %i: nothing throws, all figures are finite and add up, and the memory is bounded",
    async (seed) => {
      const simulated = new SimulatedEdge({ sampleRate: 8000 });
      edge.now = simulated;
      const game = await playHostileGame(simulated, { seed, calls: CALLS });
      expect(game.errors).toEqual([]);
      expect(game.wrong).toEqual([]);
      expect(game.imbalances).toEqual([]);
      expect(game.time).toBeGreaterThan(10);
      for (const what of Object.keys(MOST) as (keyof Kept)[]) {
        for (const kept of game.kept) expect(kept[what], what).toBeLessThan(MOST[what]);
      }
    },
  );
});
