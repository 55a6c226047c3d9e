import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh";
import type { Node } from "@babylonjs/core/node";
import type { Scene } from "@babylonjs/core/scene";
import type { Soundtrack } from "../../engine/index.ts";

/** A position in world space; a Babylon `Vector3` is one. */
export interface Position {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A volume of the scene that stands for a place of the score. */
export interface Zone {
  /** May be invisible; its axis-aligned bounding box in world space is the volume, borders included. */
  readonly mesh: AbstractMesh;
  /** A location's name in the score. */
  readonly location: string;
}

export interface SoundtrackAttachment {
  /** Stops the sampling; scene and soundtrack live on. Happens by itself when the scene is disposed. */
  dispose(): void;
}

export interface AttachOptions {
  /** Whose position decides the location: the player's node or the camera, or a function. */
  readonly listener: Node | (() => Position);
  /** The first zone that holds the listener wins; outside all zones the last location stays. */
  readonly zones: readonly Zone[];
  /** Read once a frame for the signal `intensity`. */
  readonly intensity?: () => number;
  /** Further signals by name, each read once a frame. */
  readonly signals?: Readonly<Record<string, () => number>>;
}

interface Probe {
  readonly name: string;
  readonly read: () => number;
  last: number | undefined;
}

/**
 * Drives a soundtrack from a Babylon.js scene: after each frame it reads the zones and the
 * signals, and hands on what has changed. It allocates nothing while it runs. A function of the
 * options that throws is warned of once and left out of that frame. Throws `RangeError` when a
 * signal is given twice or is named `location`.
 *
 * @example
 * attachSoundtrack(scene, music, {
 *   listener: camera,
 *   zones: [{ mesh: caveVolume, location: "cave" }],
 *   intensity: () => threat.nearness,
 * });
 */
export function attachSoundtrack(
  scene: Scene,
  music: Pick<Soundtrack, "set">,
  options: AttachOptions,
): SoundtrackAttachment {
  const { zones } = options;
  const probes = probesOf(options);
  const listen = positionOf(options.listener);
  const broken = new Set<string>();
  let location: string | undefined;

  const warnOnce = (what: string, error: unknown): void => {
    if (broken.has(what)) return;
    broken.add(what);
    console.warn(`attacca/babylon: reading ${what} failed and is skipped while it does`, error);
  };

  const sampleLocation = (): void => {
    try {
      const found = locationAt(zones, listen());
      if (found === undefined || found === location) return;
      location = found;
      music.set("location", found);
    } catch (error) {
      warnOnce("the listener's location", error);
    }
  };

  const sampleSignal = (probe: Probe): void => {
    try {
      const value = probe.read();
      if (Object.is(value, probe.last)) return;
      probe.last = value;
      music.set(probe.name, value);
    } catch (error) {
      warnOnce(`the signal "${probe.name}"`, error);
    }
  };

  // After, not before: by then this frame's movement has reached every world matrix.
  const observer = scene.onAfterRenderObservable.add(() => {
    sampleLocation();
    for (const probe of probes) sampleSignal(probe);
  });
  return { dispose: () => void scene.onAfterRenderObservable.remove(observer) };
}

function probesOf({ intensity, signals = {} }: AttachOptions): readonly Probe[] {
  const readers = Object.entries(signals);
  if (intensity !== undefined) readers.unshift(["intensity", intensity]);
  if (intensity !== undefined && "intensity" in signals) {
    throw new RangeError("intensity is given twice: as an option and among the signals");
  }
  if ("location" in signals) {
    throw new RangeError("location is no signal: it comes from the zones");
  }
  return readers.map(([name, read]) => ({ name, read, last: undefined }));
}

/** A node's world position, written into one object that is used again for every frame. */
function positionOf(listener: AttachOptions["listener"]): () => Position {
  if (typeof listener === "function") return listener;
  const position = { x: 0, y: 0, z: 0 };
  return () => {
    const { m } = listener.getWorldMatrix();
    position.x = m[12] ?? 0;
    position.y = m[13] ?? 0;
    position.z = m[14] ?? 0;
    return position;
  };
}

function locationAt(zones: readonly Zone[], position: Position): string | undefined {
  for (const { mesh, location } of zones) {
    if (!mesh.isDisposed() && holds(mesh, position)) return location;
  }
  return undefined;
}

function holds(mesh: AbstractMesh, { x, y, z }: Position): boolean {
  // The scene leaves out disabled meshes; for all others this is done and costs a comparison.
  mesh.computeWorldMatrix();
  const { minimumWorld: low, maximumWorld: high } = mesh.getBoundingInfo().boundingBox;
  return x >= low.x && x <= high.x && y >= low.y && y <= high.y && z >= low.z && z <= high.z;
}
