import { placeAt } from "../game/map.ts";
import { grassTuft } from "../sketches/meadow.ts";
import { beaconTower, standingStone } from "../sketches/ridge.ts";
import { rock } from "../sketches/wood.ts";
import { clearOf, offPath, on, root, several, shade, strew, type Planting } from "./planting.ts";
import { groundHeight } from "./terrain.ts";

const X = [86, 136] as const;
const HERE = on("ridge");

/** Bare ground above the clouds: stones, short grass in the wind, and the beacon. */
export function buildRidge(planting: Planting): void {
  const { random, place } = planting;
  const ragged = (x: number, z: number): boolean => offPath(0.9 + random())(x, z);
  place(
    "ridge grass",
    several(3, () => grassTuft(random, 0.5)),
    strew(random, { count: 1300, x: X, z: [-9.5, 13], size: [0.5, 1], where: [HERE, ragged] }),
  );
  const stones = strew(random, {
    count: 34,
    x: X,
    z: [-7, 12],
    size: [0.5, 1.9],
    where: [HERE, offPath(2.2), clearOf(2.6)],
  });
  place(
    "ridge rock",
    several(3, () => rock(random)),
    stones,
  );
  root(planting, stones, 0.6);
  shade(planting, stones, { width: 1, length: 1.8 });
  raiseBeacon(planting);
}

/** The tower behind the lantern, and a half circle of old stones about it. */
function raiseBeacon(planting: Planting): void {
  const { random, place, obstacles, casts } = planting;
  const { x, z } = placeAt(4).lantern;
  place(
    "beacon",
    [beaconTower(random)],
    [{ at: [x + 2.6, groundHeight(x + 2.6, z + 3.6) - 0.2, z + 3.6], size: 1, turn: 0.2 }],
  );
  obstacles.push({ x: x + 2.6, z: z + 3.6, radius: 1.3 });
  casts.push({ x: x + 2.6, z: z + 3.6, width: 2.2, length: 8 });
  const circle = Array.from({ length: 7 }, (_, i) => {
    const angle = Math.PI * (0.05 + (i / 6) * 0.9);
    const [sx, sz] = [x + Math.cos(angle) * 6.4, z - 1 + Math.sin(angle) * 4.6];
    return { at: [sx, groundHeight(sx, sz) - 0.15, sz] as const, size: 1, turn: angle };
  });
  place(
    "standing stone",
    several(3, () => standingStone(random)),
    circle,
  );
  root(planting, circle, 0.4);
  shade(planting, circle, { width: 0.8, length: 4.5 });
}
