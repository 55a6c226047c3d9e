import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DirectorState } from "../../../engine/director/state.ts";
import type { Score } from "../../../engine/score/score.ts";
import { play } from "../../helpers/play-game.ts";
import {
  anyGame,
  LONGEST_TICK,
  randomGame,
  tickLengths,
  type Game,
} from "../../helpers/random-game.ts";
import { randomScore } from "../../helpers/random-score.ts";
import { runs } from "../../helpers/runs.ts";

const QUIET = 20;

describe("whatever the game does", () => {
  test("equal logs give equal cues, whatever the ticks", () => {
    // What is saved between two ticks is the state of the tick before.
    const game = randomGame({ ticks: "control", without: ["save", "restore"] });
    const ticks = tickLengths(LONGEST_TICK);
    fc.assert(
      fc.property(randomScore, game, ticks, ticks, (score, moves, some, others) => {
        const [atEach, ...lists] = [[], some, others].map((lengths) =>
          play(score, { ...moves, ticks: lengths }, QUIET).flatMap(({ cues }) => cues),
        );
        for (const list of lists) expect(list).toEqual(atEach);
      }),
      runs(150),
    );
  });

  test("the same game twice is the same music, with pauses, saves and slow ticks", () => {
    fc.assert(
      fc.property(randomScore, anyGame, (score, moves) => {
        const [first, again] = [1, 2].map(() => play(score, moves, QUIET).map(({ cues }) => cues));
        expect(again).toEqual(first);
      }),
      runs(50),
    );
  });

  test("what the director remembers is bounded by the score, however long and fast the game goes on", () => {
    fc.assert(
      fc.property(randomScore, anyGame, fc.integer(), (score, moves, seed) => {
        const [usual, flooded] = [moves, flood(moves, seed)].map((game) => {
          const state = play(score, game, 1).at(-1)?.states.at(-1)?.state;
          if (state === undefined) throw new Error("nothing was decided");
          return state;
        });
        for (const state of [usual, flooded]) if (state !== undefined) expectBounds(score, state);
      }),
      runs(30),
    );
  });
});

/** The same deeds a hundred times over, 10 000 a second. */
function flood(game: Game, seed: number): Game {
  const deeds = game.moves.filter(({ deed }) => !["pause", "save", "restore"].includes(deed.kind));
  const count = Math.max(1, deeds.length);
  const moves = Array.from({ length: 100 * deeds.length }, (_, index) => {
    const { deed } = deeds[(index * 7 + Math.abs(seed)) % count] ?? { deed: undefined };
    if (deed === undefined) throw new Error("no deed");
    const fresh = deed.kind === "hold" ? { ...deed, id: index } : deed;
    const named = fresh.kind === "hit" ? { ...fresh, name: `hit ${index}` } : fresh;
    return { wait: 1e-4, deed: named };
  });
  return { ...game, moves };
}

function expectBounds(score: Score, state: DirectorState): void {
  const { moods, locations, stingers, rules, signals } = score;
  const names = (parts: readonly { readonly name: string }[]): readonly string[] =>
    parts.map(({ name }) => name);
  expect([...state.signals.keys()]).toEqual(Object.keys(signals));
  expect(state.rules.length).toBe(rules.length);
  expect(state.holds.length).toBeLessThanOrEqual(32);
  expect(state.hits.length).toBeLessThanOrEqual(16);
  // One of each stinger that belongs to a transition may come on top of those that are asked for.
  expect(state.stingers.waiting.length).toBeLessThanOrEqual(16 + stingers.length);
  const playing = state.stingers.sounding.filter(({ cut }) => cut === undefined);
  expect(playing.length).toBeLessThanOrEqual(8);
  // Those that are cut soon: where a mood begins, and by stingers of higher and higher priority.
  expect(state.stingers.sounding.length).toBeLessThanOrEqual(8 * (2 + stingers.length));
  expect(names(moods)).toEqual(expect.arrayContaining(Object.keys(state.visits)));
  expect(names(moods)).toEqual(expect.arrayContaining(Object.keys(state.left)));
  expect(names(locations)).toEqual(expect.arrayContaining(Object.keys(state.weights)));
  expect(names(stingers)).toEqual(expect.arrayContaining(Object.keys(state.stingers.began)));
  // Nothing else grows: all the rest has a size of its own.
  const { signals: _, ...rest } = state;
  const text = JSON.stringify({ ...rest, signals: [...state.signals].length });
  const parts = moods.length + locations.length + stingers.length + rules.length;
  expect(text.length).toBeLessThan(20_000 + 2_000 * parts);
}
