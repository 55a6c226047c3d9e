import { grassTuft, reeds, roundTree, stoneArch } from "../sketches/meadow.ts";
import { rock } from "../sketches/wood.ts";
import { clearOf, offPath, on, root, several, shade, strew, type Planting } from "./planting.ts";
import { groundHeight } from "./terrain.ts";

const X = [-64, -11] as const;
const HERE = on("meadow");

/** Reeds and grass, an arch of old stones, trees against the evening. */
export function plantMeadow(planting: Planting): void {
  const { random, place } = planting;
  const trees = { count: 17, x: X, z: [18, 46], size: [0.8, 1.5], where: [HERE] } as const;
  const stands = strew(random, trees);
  place(
    "round tree",
    several(3, () => roundTree(random)),
    stands,
  );
  shade(planting, stands, { width: 0.7, length: 8, crown: 2.4 });
  const lawn = { count: 2000, x: X, z: [-9.5, 20], size: [0.6, 1.25] } as const;
  const ragged = (x: number, z: number): boolean => offPath(1.1 + random())(x, z);
  place(
    "grass",
    several(4, () => grassTuft(random, 0.75)),
    strew(random, { ...lawn, where: [HERE, ragged] }),
  );
  const shore = { count: 150, x: X, z: [5.5, 15], size: [0.8, 1.25], where: [HERE] } as const;
  place(
    "reeds",
    several(3, () => reeds(random)),
    strew(random, shore),
  );
  const stones = strew(random, {
    count: 9,
    x: X,
    z: [-6, 9],
    size: [0.5, 1.1],
    where: [HERE, offPath(2), clearOf(2)],
  });
  place(
    "stone",
    several(2, () => rock(random)),
    stones,
  );
  root(planting, stones, 0.6);
  shade(planting, stones, { width: 1, length: 1.8 });
  raiseArch(planting);
}

function raiseArch({ random, place, obstacles, casts }: Planting): void {
  const [x, z] = [-27, 6.6];
  place(
    "arch",
    [stoneArch(random)],
    [{ at: [x, groundHeight(x, z) - 0.2, z], size: 1, turn: 0.15 }],
  );
  for (const side of [-1.75, 1.75]) {
    obstacles.push({ x: x + side, z, radius: 0.9 });
    casts.push({ x: x + side, z, width: 1.3, length: 7 });
  }
}
