import type { Soundtrack, Stem } from "attacca";
import type { OptionStore } from "../options.ts";
import { levelOf } from "../options.ts";
import type { Effects } from "./effects.ts";

/** The stem that each lantern gave back. */
const STEM_OF: readonly Stem[] = ["melody", "counter", "harmony", "bass", "drums"];
/** Between two looks, in milliseconds. */
const LOOK = 100;

/** How loud the stem of a lantern is, 0–1. */
export function createLevels(music: Pick<Soundtrack, "snapshot">): (lantern: number) => number {
  let layers: Readonly<Partial<Record<Stem, number>>> = {};
  setInterval(() => {
    layers = music.snapshot().layers;
  }, LOOK);
  return (lantern) => layers[STEM_OF[lantern] ?? "melody"] ?? 0;
}

export interface Mute {
  toggle(): void;
}

/** Volumes and ears as the options say. */
export function followOptions(music: Soundtrack, effects: Effects, options: OptionStore): Mute {
  let muted = false;
  const apply = (): void => {
    const { master, music: musicLevel, effects: effectsLevel, mono } = options.now;
    const all = muted ? -60 : levelOf(master);
    music.setVolume(Math.max(-60, all + levelOf(musicLevel)));
    effects.setLevel(Math.max(-60, all + levelOf(effectsLevel)));
    effects.setMono(mono);
    music.output.channelCountMode = "explicit";
    music.output.channelCount = mono ? 1 : 2;
  };
  options.onChange(apply);
  return {
    toggle: () => {
      muted = !muted;
      document.getElementById("mute")?.setAttribute("aria-pressed", String(muted));
      apply();
    },
  };
}
