import { pathAt } from "../game/map.ts";
import { paint } from "../shapes/shapes.ts";
import { birch, fern, hollowTree, rock } from "../sketches/wood.ts";
import { clearOf, offPath, on, root, several, shade, strew, type Planting } from "./planting.ts";
import { groundHeight } from "./terrain.ts";

const X = [-19, 17.5] as const;
const HERE = on("wood");
const LIGHT = "#FFD36B";

/** Birches, ferns and stones, and an old hollow tree with a light in it. */
export function plantWood(planting: Planting): void {
  const { random, place } = planting;
  // Few stand between the path and the eye.
  const openInFront = (x: number, z: number): boolean => z > pathAt(x) || random() < 0.16;
  const near = strew(random, {
    count: 46,
    x: X,
    z: [-5, 12],
    size: [0.8, 1.2],
    where: [HERE, offPath(1.8), clearOf(1.6), openInFront],
  });
  place(
    "birch",
    several(5, () => birch(random)),
    near,
  );
  root(planting, near, 0.3);
  shade(planting, near, { width: 0.5, length: 11 });
  const far = { count: 110, x: [-24, 20], z: [11, 42], size: [0.9, 1.5], where: [HERE] } as const;
  const behind = strew(random, far);
  place(
    "far birch",
    several(3, () => birch(random, true)),
    behind,
  );
  shade(planting, behind, { width: 0.5, length: 9 });
  const ferns = { count: 260, x: X, z: [-8, 18], size: [0.7, 1.5] } as const;
  place(
    "fern",
    several(3, () => fern(random)),
    strew(random, { ...ferns, where: [HERE, offPath(1.3)] }),
  );
  const stones = { count: 16, x: X, z: [-6, 14], size: [0.5, 1.5] } as const;
  const rocks = strew(random, { ...stones, where: [HERE, offPath(2), clearOf(2)] });
  place(
    "rock",
    several(2, () => rock(random)),
    rocks,
  );
  root(planting, rocks, 0.6);
  shade(planting, rocks, { width: 1, length: 1.4 });
  growHollowTree(planting);
}

function growHollowTree({ random, place, obstacles, shines, patches, casts }: Planting): void {
  const [x, z] = [3.5, 7.4];
  const y = groundHeight(x, z);
  place("hollow tree", [hollowTree(random)], [{ at: [x, y, z], size: 1, turn: 0 }]);
  obstacles.push({ x, z, radius: 1.8 });
  casts.push({ x, z, width: 2.6, length: 9 });
  shines.push({ x, y: y + 0.9, z: z - 1.6, size: 2.8, paint: paint(LIGHT) });
  patches.push({ x, z: z - 2, radius: 2.8, paint: paint(LIGHT, 0.35), strength: 0.6 });
}
