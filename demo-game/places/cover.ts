import { noise2 } from "../maths.ts";
import { paint } from "../shapes/shapes.ts";
import { flowers, leaves, mushrooms, pebbles } from "../sketches/cover.ts";
import { grassTuft } from "../sketches/meadow.ts";
import {
  clearOf,
  offPath,
  on,
  several,
  strew,
  type Field,
  type Planting,
  type Where,
} from "./planting.ts";
import { groundHeight, WATER_LEVEL } from "./terrain.ts";

/** Flowers stand together. */
const clumps: Where = (x, z) => noise2(x * 0.34 + 11, z * 0.34) > 0.56;

/** Metres in front of and behind the path that the eye sees from above. */
const Z = [-9.5, 15] as const;

/** What covers the ground under one's feet: low grass, flowers, leaves, small stones. One walks through it. */
export function coverGround({ random, place }: Planting): void {
  const spread = (field: Omit<Field, "z">) => strew(random, { z: Z, ...field });
  const ragged = (x: number, z: number): boolean => offPath(0.9 + random() * 0.9)(x, z);
  const dry = (x: number, z: number): boolean => groundHeight(x, z) > WATER_LEVEL + 0.05;

  const meadow = { x: [-64, -11], where: [on("meadow"), ragged] } as const;
  place(
    "low grass",
    several(3, () => grassTuft(random, 0.34)),
    spread({ ...meadow, count: 3600, size: [0.6, 1.3] }),
  );
  place(
    "white flowers",
    several(2, () => flowers(random, { petal: paint("#f2e9c9", 0.25), petals: 5 })),
    spread({ ...meadow, count: 620, size: [0.7, 1.2], where: [...meadow.where, clumps] }),
  );
  place(
    "blue flowers",
    [flowers(random, { petal: paint("#8f86d8", 0.25), petals: 4 })],
    spread({ ...meadow, count: 150, size: [0.7, 1.1] }),
  );

  const wood = { x: [-19, 17.5], where: [on("wood")] } as const;
  place(
    "leaves",
    several(3, () => leaves(random)),
    spread({ ...wood, count: 620, size: [0.7, 1.2] }),
  );
  place(
    "wood grass",
    several(2, () => grassTuft(random, 0.3)),
    spread({ ...wood, count: 1500, size: [0.6, 1.2], where: [on("wood"), ragged] }),
  );
  place(
    "mushrooms",
    [mushrooms(random, paint("#8fd8e8"))],
    spread({ ...wood, count: 60, size: [0.7, 1.4], where: [on("wood"), offPath(1.4)] }),
  );

  const grey = { low: paint("#1c2330"), high: paint("#7d8ba6") };
  place(
    "shore pebbles",
    several(2, () => pebbles(random, grey)),
    spread({ x: [14, 55], count: 260, size: [0.7, 1.4], where: [on("lake"), dry] }),
  );
  place(
    "shore grass",
    several(2, () => grassTuft(random, 0.4)),
    spread({ x: [13, 55], count: 900, size: [0.6, 1.2], where: [on("lake"), dry, ragged] }),
  );

  const cave = { x: [54, 84], where: [on("cave"), clearOf(1)] } as const;
  const violet = { low: paint("#17111f"), high: paint("#6a5a80") };
  place(
    "cave pebbles",
    several(2, () => pebbles(random, violet)),
    spread({ ...cave, count: 340, size: [0.7, 1.6] }),
  );
  place(
    "cave mushrooms",
    [mushrooms(random, paint("#6fffe0"))],
    spread({ ...cave, count: 70, size: [0.8, 1.6], where: [on("cave"), offPath(1.3)] }),
  );

  const ridge = { x: [84, 136], where: [on("ridge"), ragged] } as const;
  const warm = { low: paint("#2c2630"), high: paint("#9a8884") };
  place(
    "heather",
    several(2, () => flowers(random, { petal: paint("#a8688c", 0.08), petals: 4 })),
    spread({ ...ridge, count: 620, size: [0.6, 1], where: [...ridge.where, clumps] }),
  );
  place(
    "low ridge grass",
    several(2, () => grassTuft(random, 0.3)),
    spread({ ...ridge, count: 1700, size: [0.6, 1.2] }),
  );
  place(
    "ridge pebbles",
    several(2, () => pebbles(random, warm)),
    spread({ ...ridge, count: 240, size: [0.7, 1.5], where: [on("ridge")] }),
  );
}
