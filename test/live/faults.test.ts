import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { breaches, rowOf, stepLimit, tableOf, type Row } from "../faults/row.ts";
import { openGround, playCase, SHORT, type Ground } from "../faults/suite.ts";
import { PATIENCE } from "../helpers/built-game.ts";

let ground: Ground;
const rows: Row[] = [];

beforeAll(async () => {
  ground = await openGround(9);
}, PATIENCE);

afterAll(async () => {
  await ground?.close();
  console.log(tableOf(rows));
});

/** A busy machine starves the browser now and then; such a page is played again, at other moments. */
const PLAYED = { retry: 2 };

describe("music without a fault", () => {
  test("has a floor that can be heard", () => {
    expect(ground.floor).toBeGreaterThan(-70);
    expect(ground.reference.gap).toBeGreaterThan(1);
  });
});

describe("music goes on, in time and without a click, and the model writes again", () => {
  let played = 0;
  for (const fault of SHORT) {
    test(fault.name, PLAYED, async () => {
      played += 1;
      const row = rowOf(fault, [await playCase(ground, fault, played)]);
      rows.push(row);
      expect(breaches(row, stepLimit(ground.reference))).toEqual([]);
      expect(row.faults).toEqual(expect.arrayContaining([...fault.tells]));
    });
  }
});
