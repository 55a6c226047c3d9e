import { paint } from "../shapes/shapes.ts";
import { fir, lilies } from "../sketches/lake.ts";
import { reeds } from "../sketches/meadow.ts";
import { rock } from "../sketches/wood.ts";
import { clearOf, offPath, root, several, shade, strew, type Planting } from "./planting.ts";
import { groundHeight, WATER_LEVEL } from "./terrain.ts";

const SHORES = [
  [15.5, 21],
  [49, 53.5],
] as const;

/** Reeds and firs around still water, lilies upon it. */
export function plantLake(planting: Planting): void {
  const { random, place } = planting;
  const dry = (x: number, z: number): boolean => groundHeight(x, z) > WATER_LEVEL - 0.25;
  const edge = (x: number, z: number): boolean =>
    Math.abs(groundHeight(x, z) - WATER_LEVEL + 0.1) < 0.3;
  const sedge = { count: 900, x: [15, 54], z: [-9, 30], size: [0.5, 0.95] } as const;
  place(
    "sedge",
    several(3, () => reeds(random)),
    strew(random, { ...sedge, where: [edge, offPath(2), clearOf(2.2)] }),
  );
  const firs = SHORES.flatMap((x) =>
    strew(random, { count: 16, x, z: [7, 30], size: [0.7, 1.2], where: [dry] }),
  );
  const farShore = { count: 60, x: [10, 62], z: [46, 58], size: [0.9, 1.6] } as const;
  place(
    "fir",
    several(4, () => fir(random)),
    [...firs, ...strew(random, farShore)],
  );
  const rocks = { count: 60, x: [16, 54], z: [-7, 16], size: [0.4, 1.2] } as const;
  const stones = strew(random, { ...rocks, where: [dry, offPath(2.4), clearOf(2.4)] });
  place(
    "lake rock",
    several(2, () => rock(random)),
    stones,
  );
  root(planting, stones, 0.6);
  shade(planting, stones, { width: 1, length: 1.4 });
  growLilies(planting);
}

function growLilies({ random, place, patches }: Planting): void {
  const pads = { count: 46, x: [22, 48], z: [-6, 16], size: [0.7, 1.2] } as const;
  const wet = (x: number, z: number): boolean => groundHeight(x, z) < WATER_LEVEL - 0.4;
  place(
    "lilies",
    several(3, () => lilies(random)),
    strew(random, { ...pads, where: [wet, clearOf(1.7)] }).map(({ at: [x, , z], size, turn }) => ({
      at: [x, WATER_LEVEL + 0.02, z] as const,
      size,
      turn,
    })),
  );
  patches.push({ x: 42.4, z: 2, radius: 5, paint: paint("#5b6a80"), strength: 0.5 });
}
