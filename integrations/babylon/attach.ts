import type { Node } from "@babylonjs/core/node";
import type { Scene } from "@babylonjs/core/scene";
import type { Soundtrack } from "../../engine/index.ts";
import { Places } from "./places.ts";
import { positionOf, type Position } from "./position.ts";
import { Probes, type SignalSource } from "./probes.ts";
import { Standstill } from "./standstill.ts";
import type { Zone } from "./zone.ts";

export interface SoundtrackAttachment {
  /** Stops the sampling; scene and soundtrack live on. Happens by itself when the scene is disposed. */
  dispose(): void;
}

export interface AttachOptions {
  /** Whose position decides the location: the player's node or the camera, or a function. */
  readonly listener: Node | (() => Position);
  /**
   * The first zone that holds the listener wins; within the `blend` of others the places are mixed. Outside all
   * zones the last location stays.
   */
  readonly zones: readonly Zone[];
  /** From which distance on, in the scene's units, the music of a place is made ready; default 12, 0: never. */
  readonly approach?: number;
  /** The signal `intensity`: read once a frame, or an observable. `intensityFrom` makes one. */
  readonly intensity?: SignalSource;
  /** Further signals by name. */
  readonly signals?: Readonly<Record<string, SignalSource>>;
  /** Pauses the music a second after the scene drew its last frame, until it draws again; default false. */
  readonly pauseWithScene?: boolean;
}

const APPROACH = 12;

/**
 * Drives a soundtrack from a Babylon.js scene: after each frame it reads the zones and the
 * signals, and hands on what has changed. It allocates nothing while nothing changes. A function of the
 * options that throws is warned of once and left out of that frame. Throws `RangeError` when a
 * signal is given twice or is named `location`.
 *
 * @example
 * attachSoundtrack(scene, music, {
 *   listener: camera,
 *   zones: [{ mesh: caveVolume, location: "cave", blend: 6 }],
 *   intensity: () => threat.nearness,
 * });
 */
export function attachSoundtrack(
  scene: Scene,
  music: Pick<Soundtrack, "set" | "blend" | "expect" | "pause" | "resume" | "snapshot">,
  options: AttachOptions,
): SoundtrackAttachment {
  const { zones, approach = APPROACH, intensity, signals = {} } = options;
  const broken = new Set<string>();
  const warnOnce = (what: string, error: unknown): void => {
    if (broken.has(what)) return;
    broken.add(what);
    console.warn(`attacca/babylon: reading ${what} failed and is skipped while it does`, error);
  };
  const probes = new Probes(intensity, signals, music, warnOnce);
  const places = new Places(zones, approach, music);
  const listen = positionOf(options.listener);
  const standstill = options.pauseWithScene === true ? new Standstill(music) : undefined;

  // After, not before: by then this frame's movement has reached every world matrix.
  const observer = scene.onAfterRenderObservable.add(() => {
    standstill?.frame();
    try {
      places.sample(listen(), performance.now() / 1000);
    } catch (error) {
      warnOnce("the listener's location", error);
    }
    probes.sample();
  });
  const dispose = (): void => {
    scene.onAfterRenderObservable.remove(observer);
    scene.onDisposeObservable.remove(ending);
    probes.dispose();
    standstill?.dispose();
  };
  const ending = scene.onDisposeObservable.addOnce(dispose);
  return { dispose };
}
