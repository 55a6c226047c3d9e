import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { HOLD } from "../game/kindling.ts";
import { MAP } from "../game/map.ts";
import type { GameState } from "../game/state.ts";
import { mix, smooth } from "../maths.ts";
import { groundHeight } from "../places/terrain.ts";
import type { Puff, Puffs } from "../shapes/puffs.ts";
import { buildMesh, paint, type Paint } from "../shapes/shapes.ts";
import { greatLantern } from "../sketches/great-lantern.ts";
import { LANTERN_BEHIND } from "../world.ts";

/** One for each place: shape of the glass, and colour. */
const KINDS: readonly { readonly sides: number; readonly code: string }[] = [
  { sides: 6, code: "#ffd890" },
  { sides: 4, code: "#ffd36b" },
  { sides: 8, code: "#dbe9ff" },
  { sides: 3, code: "#8fffe6" },
  { sides: 5, code: "#fff0d8" },
];
/** What the crystals give to their lantern, by the one that was touched first. */
const CRYSTAL_CODES = ["#6FFFE0", "#C77DFF", "#7FA8FF"] as const;
const CAVE = 3;
const RIDGE = 4;
const DARK = paint("#1c1a22", 0.1);

export interface GreatLanterns {
  /** `level`: how loud the stem of a lantern is, 0–1. */
  draw(puffs: Puffs, state: GameState, options: LanternLight): void;
}

interface LanternLight {
  readonly time: number;
  readonly pulse: number;
  /** 0–1, of the stem that the lantern with this number gave back. */
  readonly level: (lantern: number) => number;
}

export function createGreatLanterns(scene: Scene, material: ShaderMaterial): GreatLanterns {
  const lanterns = MAP.map(({ lantern: { x, z } }, i) => {
    const kind = KINDS[i] ?? { sides: 6, code: "#ffd890" };
    const build = (name: string, glass: Paint): Mesh => {
      const sketch = greatLantern({ sides: kind.sides, glass });
      const mesh = buildMesh(`great lantern ${i} ${name}`, sketch, { scene, material });
      mesh.position.set(x, groundHeight(x, z + LANTERN_BEHIND), z + LANTERN_BEHIND);
      mesh.freezeWorldMatrix();
      return mesh;
    };
    const dark = build("dark", DARK);
    const codes = i === CAVE ? CRYSTAL_CODES : [kind.code];
    const glows = codes.map((code) =>
      i === RIDGE ? [...glowOf(dark, code), ...beaconFire(dark)] : glowOf(dark, code),
    );
    return { dark, lit: build("lit", paint(kind.code, 1)), glows };
  });
  return {
    draw: (puffs, state, light) => {
      lanterns.forEach(({ dark, lit, glows }, i) => {
        const shines = i < state.lanterns;
        dark.setEnabled(!shines);
        lit.setEnabled(shines);
        const strength = shines ? 0.5 + 0.5 * light.level(i) : wakingOf(state, i, light.time);
        if (strength <= 0) return;
        for (const puff of glows[i === CAVE ? state.crystal : 0] ?? []) {
          puff.alpha = puff.most * strength * (1 + 0.1 * light.pulse);
          puffs.draw(puff);
        }
      });
    },
  };
}

/** A lantern glimmers while it is held, and grows while the music builds. */
function wakingOf({ lanterns, kindling }: GameState, lantern: number, time: number): number {
  if (lantern !== lanterns || kindling === undefined) return 0;
  if (kindling.left === undefined) return (0.25 * kindling.held) / HOLD;
  const near = smooth(1 - kindling.left / 8);
  return mix(0.25, 1.1, near) * (1 + 0.05 * Math.sin(time * 9));
}

type Glow = Puff & { readonly most: number };

function glowOf({ position: { x, y, z } }: Mesh, code: string): readonly Glow[] {
  const at = { x, y: y + 1.35, z, alpha: 0, forward: 0.9 };
  return [
    { ...at, size: 6.5, most: 0.3, paint: paint(code) },
    { ...at, size: 1.5, most: 0.75, paint: paint("#fff6e4") },
    // A beam that is seen from afar.
    { ...at, y: y + 5, size: 1.7, stretch: 7, most: 0.12, paint: paint(code) },
  ];
}

/** The fire in the bowl of the beacon's tower, which burns with its lantern. */
function beaconFire({ position: { x, y, z } }: Mesh): readonly Glow[] {
  const at = { x: x + 2.6, z: z + 1.4, alpha: 0, forward: 0.8 };
  return [
    { ...at, y: y + 5.6, size: 7, most: 0.34, paint: paint("#ff9f45") },
    { ...at, y: y + 5.4, size: 1.9, most: 0.9, paint: paint("#ffc46a") },
    { ...at, y: y + 5.7, size: 0.9, stretch: 1.8, most: 1, paint: paint("#fff3d2") },
  ];
}
