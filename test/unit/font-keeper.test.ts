import { describe, expect, test } from "vitest";
import { FontKeeper } from "../../engine/font-keeper.ts";
import { PaletteBook } from "../../engine/palette-book.ts";
import type { RendererClient } from "../../engine/renderer-worker/client.ts";
import { ORCHESTRA, PALETTE_NAMES } from "../../engine/renderer-worker/palettes.ts";
import { parseScore } from "../../engine/score/parse-score.ts";

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/** A keeper of the orchestra alone, whose file and renderer answer as a test says. */
function keeperOf() {
  const parsed = parseScore("attacca: 1\npalette: orchestra\nmoods: { calm: }", {
    palettes: PALETTE_NAMES,
  });
  if (!parsed.ok) throw new Error("the score is right");
  const book = new PaletteBook(parsed.score);
  const told: string[] = [];
  const asked: string[] = [];
  let answer = (): Promise<void> => Promise.resolve();
  let file = (): Promise<ArrayBuffer> => Promise.resolve(new ArrayBuffer(8));
  const client: Pick<RendererClient, "addFont"> = {
    addFont: async ({ name, read }) => {
      asked.push(name);
      await read();
      await answer();
    },
  };
  const keeper = new FontKeeper({
    book,
    client,
    read: () => file(),
    unavailable: (message) => told.push(message),
  });
  return {
    keeper,
    told,
    asked,
    isThere: () => book.playing("orchestra") === book.named("orchestra"),
    answers: (next: () => Promise<void>) => (answer = next),
    reads: (next: () => Promise<ArrayBuffer>) => (file = next),
    settle: () => new Promise((resolve) => setTimeout(resolve)),
  };
}

describe("a soundfont beside the first", () => {
  test("is brought when a renderer is ready, and again to the next", async () => {
    const { keeper, asked, isThere, settle } = keeperOf();
    expect(asked).toEqual([]);
    keeper.bring();
    expect(isThere()).toBe(false);
    await settle();
    expect(isThere()).toBe(true);
    keeper.lost();
    expect(isThere()).toBe(false);
    keeper.bring();
    await settle();
    expect(isThere()).toBe(true);
    expect(asked).toEqual([ORCHESTRA, ORCHESTRA]);
  });

  test("that is refused is told of once, with who plays in its place, and not asked for again", async () => {
    const { keeper, told, asked, answers, isThere, settle } = keeperOf();
    answers(() => Promise.reject(named("PaletteError", "it is no SF2, SF3 or DLS file")));
    keeper.bring();
    await settle();
    keeper.bring();
    keeper.tryAgain("NetworkError");
    await settle();
    expect(told).toEqual([
      'palette "orchestra": it is no SF2, SF3 or DLS file; "heroic" plays in its place',
    ]);
    expect(asked).toHaveLength(1);
    expect(isThere()).toBe(false);
  });

  test("that failed of the network is asked for again when there may be one", async () => {
    const { keeper, told, reads, isThere, settle } = keeperOf();
    reads(() => Promise.reject(named("NetworkError", "cannot fetch")));
    keeper.bring();
    await settle();
    expect(told).toHaveLength(1);
    reads(() => Promise.resolve(new ArrayBuffer(8)));
    keeper.tryAgain("NetworkError");
    await settle();
    expect(isThere()).toBe(true);
    expect(told).toHaveLength(1);
  });

  test("with which the renderer is lost twice is given up: the music must not stop for it", async () => {
    const { keeper, told, asked, answers, settle } = keeperOf();
    answers(() => Promise.reject(named("RendererLostError", "the render worker has not answered")));
    for (let worker = 0; worker < 3; worker += 1) {
      keeper.bring();
      await settle();
      keeper.lost();
    }
    expect(asked).toHaveLength(2);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/has not answered; "heroic" plays in its place$/);
  });

  test("that comes back after its renderer was lost does not count for the next", async () => {
    const { keeper, answers, isThere, settle } = keeperOf();
    let open = (): void => undefined;
    answers(() => new Promise((resolve) => (open = resolve)));
    keeper.bring();
    await settle();
    keeper.lost();
    open();
    await settle();
    expect(isThere()).toBe(false);
  });
});
