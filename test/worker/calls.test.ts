import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Renderer } from "../../engine/renderer-worker/renderer.ts";
import { playHostileGame } from "../helpers/hostile-game.ts";
import { simulatePage } from "../helpers/simulated-page.ts";
import { SimulatedEdge } from "../helpers/simulated-edge.ts";
import { openRenderer, SAMPLE_RATE } from "./renderer-fixture.ts";

const edge = vi.hoisted((): { now: SimulatedEdge | undefined } => ({ now: undefined }));
vi.mock("../../engine/audio/player.ts", () => ({ createPlayer: () => edge.now?.player() }));
vi.mock("../../engine/crew.ts", () => ({
  employCrew: (options: Parameters<SimulatedEdge["employCrew"]>[0]) =>
    edge.now?.employCrew(options),
}));

let renderer: Renderer;
beforeAll(async () => {
  renderer = await openRenderer();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("whatever a game calls, all samples that are played are finite", async () => {
  vi.useFakeTimers();
  simulatePage();
  const simulated = new SimulatedEdge({
    sampleRate: SAMPLE_RATE,
    render: (request) => renderer.render(request),
  });
  edge.now = simulated;
  const game = await playHostileGame(simulated, { seed: 1, calls: 800 });
  expect(game.errors).toEqual([]);
  expect(game.wrong).toEqual([]);
  expect(simulated.samples / SAMPLE_RATE).toBeGreaterThan(game.time);
});
