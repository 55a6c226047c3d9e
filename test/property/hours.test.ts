import { createSoundtrack } from "attacca";
import { queryObjects } from "node:v8";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HARD_LIFE, playAtRandom } from "../helpers/game-at-random.ts";
import { simulatePage } from "../helpers/simulated-page.ts";
import { SimulatedEdge } from "../helpers/simulated-edge.ts";
import { SCORE } from "../soak/page/score.ts";

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

/** Of game time: until what is bounded is full, as recordings of five minutes; and a part that is looked at. */
const MINUTES = { before: 7, each: 4 } as const;

const objects = (): number => queryObjects(Object, { format: "count" });

test("a game that goes on holds no more objects in memory than in its first minutes", async () => {
  edge.now = new SimulatedEdge({ sampleRate: 2000 });
  const music = await createSoundtrack({ score: SCORE, seed: 1, pcmMemory: 1 });
  const started = music.start();
  await vi.advanceTimersByTimeAsync(1000);
  await started;
  // A load has the recording begin anew, so that memory would go up and down.
  const { stall: _, load: __, ...life } = HARD_LIFE;
  const game = playAtRandom({ music, seed: 1, life });
  /** The least of some minutes: what is held at any moment, without what comes and goes. */
  const held = async (minutes: number): Promise<number> => {
    let least = Infinity;
    for (let minute = 0; minute < minutes; minute += 1) {
      await vi.advanceTimersByTimeAsync(60_000);
      least = Math.min(least, objects());
    }
    return least;
  };
  await held(MINUTES.before);
  const first = await held(MINUTES.each);
  await vi.advanceTimersByTimeAsync(8 * 60_000);
  const last = await held(MINUTES.each);
  expect(last).toBeLessThan(first * 1.01);
  const stopped = game.stop();
  await vi.advanceTimersByTimeAsync(5000);
  await stopped;
  await music.dispose();
});
