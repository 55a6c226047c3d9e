import type { Scene } from "@babylonjs/core/scene";
import type { Soundtrack, SoundtrackEvents } from "../../engine/index.ts";

type Grid = "beat" | "bar" | "phrase";

/** Grid points that wait to be heard: more are of a page that draws nothing. */
const MOST_WAITING = 64;

/**
 * Acts in the frame in which a beat, bar or phrase is heard: the soundtrack tells of it ahead. Those that pass
 * while nothing is drawn come as one, the last. Returns a function that stops it.
 *
 * @example
 * const stop = actOn(scene, music, "bar", ({ bar }) => (bar % 4 === 0 ? doors.open() : doors.close()));
 */
export function actOn<Kind extends Grid>(
  scene: Scene,
  music: Pick<Soundtrack, "on" | "audioContext">,
  grid: Kind,
  act: (event: SoundtrackEvents[Kind]) => void,
): () => void {
  const coming: SoundtrackEvents[Kind][] = [];
  const off = music.on(grid, (event) => {
    coming.push(event);
    if (coming.length > MOST_WAITING) coming.shift();
  });
  const observer = scene.onBeforeRenderObservable.add(() => {
    const { currentTime, outputLatency } = music.audioContext;
    // Not in every browser; a device that does not tell counts as immediate.
    const heard = currentTime - (Number.isFinite(outputLatency) ? outputLatency : 0);
    let due: SoundtrackEvents[Kind] | undefined;
    for (let next = coming[0]; next !== undefined && next.audibleAt <= heard; next = coming[0]) {
      due = next;
      coming.shift();
    }
    if (due !== undefined) act(due);
  });
  const stop = (): void => {
    off();
    scene.onBeforeRenderObservable.remove(observer);
    scene.onDisposeObservable.remove(ending);
  };
  const ending = scene.onDisposeObservable.addOnce(stop);
  return stop;
}

export interface PulseOptions {
  /** Default `beat`. */
  readonly each?: Grid;
  /** How fast it fades: the share of the beat, bar or phrase after which a third is left; default 0.3. */
  readonly fade?: number;
}

/**
 * Animates a value on the grid, once a frame: 1 when a beat is heard, then fading towards 0. Returns a function
 * that stops it.
 *
 * @example
 * pulseOn(scene, music, (light) => (lamp.intensity = 0.5 + light));
 */
export function pulseOn(
  scene: Scene,
  music: Pick<Soundtrack, "phase">,
  apply: (value: number) => void,
  { each = "beat", fade = 0.3 }: PulseOptions = {},
): () => void {
  const observer = scene.onBeforeRenderObservable.add(() =>
    apply(Math.exp(music.phase(each) / -fade)),
  );
  return () => void scene.onBeforeRenderObservable.remove(observer);
}
