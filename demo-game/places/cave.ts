import { placeAt } from "../game/map.ts";
import { paint, type Paint } from "../shapes/shapes.ts";
import type { Stand } from "../shapes/scatter.ts";
import { crystals, dripstone, wallBlock } from "../sketches/cave.ts";
import { clearOf, offPath, root, several, strew, type Planting } from "./planting.ts";
import { groundHeight } from "./terrain.ts";

/** The hall's stretch along x, in metres. */
const IN = { west: 55, east: 83 } as const;

/** A hall of stone that is open towards the eye, with crystals that shine. */
export function buildCave(planting: Planting): void {
  buildWalls(planting);
  hangDripstones(planting);
  growCrystals(planting);
}

function buildWalls({ random, place }: Planting): void {
  const wall: Stand[] = [];
  const block = (x: number, y: number, z: number, size: number): void => {
    wall.push({ at: [x, y, z], size, stretch: [1.25, 1, 1], turn: random() * Math.PI * 2 });
  };
  for (let x = IN.west; x < IN.east; x += 2.6) {
    for (let level = 0; level < 4; level += 1) {
      const z = 13 + level * 0.5 + random() * 2.5;
      block(x + random() * 1.5, 0.4 + level * 2.6, z, 2 + random());
    }
    for (let row = 0; row < 3; row += 1)
      block(x + random(), 10 + random() * 1.4, 3.5 + row * 4, 2.6);
  }
  // Two mouths: a heap at the back and a brow that leads over into the ceiling.
  for (let i = 0; i < 18; i += 1) {
    const z = 9.5 + random() * 3.5 - Math.max(0, (i >> 1) - 5) * 1.6;
    const mouth = i % 2 === 0 ? IN.west - 2.4 : IN.east - 0.6;
    block(mouth + random() * 2.4, (i >> 1) * 1.25, z, 2.1);
  }
  place(
    "wall",
    several(4, () => wallBlock(random)),
    wall,
  );
}

function hangDripstones({ random, place, obstacles, patches }: Planting): void {
  const ceiling = { count: 46, x: [IN.west, IN.east - 2], z: [3, 13], size: [0.8, 1.7] } as const;
  const hanging = strew(random, ceiling).map(({ at: [x, , z], size, turn }): Stand => ({
    at: [x, 8.6 - random() * 0.8, z],
    size,
    turn,
  }));
  const floor = { count: 26, x: [IN.west, IN.east - 2], z: [5, 13], size: [0.6, 1.1] } as const;
  const standing = strew(random, { ...floor, where: [offPath(2.4), clearOf(2.4)] }).map(
    ({ at, size, turn }): Stand => ({ at, size, turn, stretch: [1, -1, 1] }),
  );
  place(
    "dripstone",
    several(3, () => dripstone(random)),
    [...hanging, ...standing],
  );
  for (const { at } of standing) {
    const [x, , z] = at;
    obstacles.push({ x, z, radius: 0.5 });
    patches.push({ x, z, radius: 1.6, paint: paint("#0a0710"), strength: 0.7 });
  }
}

const COLOURS: readonly Paint[] = [paint("#6FFFE0"), paint("#C77DFF"), paint("#7FA8FF")];
/** Sizes of the three large groups, one in each colour: those that the game asks one to touch. */
const LARGE = [1.6, 1.15, 1.7] as const;

function growCrystals(planting: Planting): void {
  const { random, place } = planting;
  const floor = { count: 17, x: [IN.west, IN.east - 2], z: [3, 12], size: [0.4, 0.95] } as const;
  const small = strew(random, { ...floor, where: [offPath(2), clearOf(2)] });
  COLOURS.forEach((colour, i) => {
    const stands = small.filter((_, index) => index % COLOURS.length === i);
    const spot = placeAt(3).tokens[i];
    if (spot !== undefined) {
      const { x, z } = spot;
      const size = LARGE[i] ?? 1;
      stands.push({ at: [x, groundHeight(x, z), z], size, turn: random() * Math.PI * 2 });
    }
    place(`crystals ${i}`, [crystals(random, colour)], stands);
    root({ ...planting, patches: [] }, stands, 0.5);
    for (const stand of stands) light(planting, stand, { colour, lantern: i });
  });
}

/** Gives a group of crystals its halo, which shines with a stem, and its gleam on the floor. */
function light(
  { shines, patches }: Planting,
  { at: [x, y, z], size }: Stand,
  { colour, lantern }: { colour: Paint; lantern: number },
): void {
  shines.push({ x, y: y + size, z, size: 6 * size, paint: colour, lantern });
  const gleam: Paint = [colour[0] * 0.55, colour[1] * 0.55, colour[2] * 0.55, 0.45];
  patches.push({ x, z, radius: 1.6 + 3.4 * size, paint: gleam, strength: 0.9 });
}
