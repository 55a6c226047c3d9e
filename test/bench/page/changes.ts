import { createSoundtrack, type Soundtrack } from "attacca";
import { randomAt } from "../../../engine/music/random.ts";
import { sleep, until } from "../../helpers/game.ts";
import { modelWrites } from "./model-writes.ts";

/** Any of five moods may come next, at the next beat. */
const SCORE = `
attacca: 1
title: Changes
tempo: 126
key: D dorian
phrase: 4 bars
signals:
  intensity: { attack: 0s, release: 0s }
moods:
  glade: { valence: 0.5, arousal: 0.3 }
  cavern: { valence: -0.3, arousal: 0.3, key: D aeolian }
  ruins: { valence: -0.1, arousal: 0.5 }
  shore: { valence: 0.7, arousal: 0.5, key: G mixolydian }
  battle: { valence: -0.5, arousal: 0.9, tempo: 150, key: D aeolian }
locations:
  glade: { palette: plucked, mood: glade }
  cavern: { palette: crystal, mood: cavern }
  ruins: { palette: plucked, mood: ruins }
  shore: { palette: wooden, mood: shore }
rules:
  - { when: "intensity > 0.7", until: "intensity < 0.3", mood: battle }
transitions:
  - { from: any, to: any, at: beat, fade: 1 beat }
`;
const PLACES = ["glade", "cavern", "ruins", "shore"] as const;
/** Of the changes from a place. */
const FIGHTS = 0.3;
/** Seconds from one change to the player's next wish, at least, and by how much more at most. */
const SHORTEST = 0.8;
const SPREAD = 1.7;
/** Seconds after the model's first take: a game begins with some quiet. */
const QUIET = 10;
/** Seconds. */
const PATIENCE = 20;

/** How a change found the first phrase of where it led: as the model wrote it, from elsewhere, or not at all. */
export type Entry = "written" | "unwritten" | "missing";

let music: Soundtrack | undefined;
let [turn, place, fights] = [0, 0, false];

export async function begin(): Promise<void> {
  music = await createSoundtrack({ score: SCORE, generator: "wasm" });
  music.set("location", PLACES[place] ?? "");
  await music.start();
  await modelWrites(music);
  await sleep(QUIET);
}

/** Somewhere else: out of a fight, into one, or to another place. */
function wish({ set }: Pick<Soundtrack, "set">): void {
  const chance = (what: string): number => randomAt(1, what, turn);
  fights = !fights && chance("fight") < FIGHTS;
  set("intensity", fights ? 1 : 0);
  if (fights) return;
  place = (place + 1 + Math.floor(chance("place") * (PLACES.length - 1))) % PLACES.length;
  set("location", PLACES[place] ?? "");
}

/** One random change, as the player would cause it at a random moment. */
export async function change(): Promise<Entry> {
  if (music === undefined) throw new Error("nothing plays");
  const playing = music;
  turn += 1;
  await sleep(SHORTEST + SPREAD * randomAt(1, "dwell", turn));
  const before = playing.stats();
  wish({ set: (signal, value) => playing.set(signal, value) });
  const grown = (name: "hits" | "unwritten" | "misses"): number =>
    playing.stats()[name] - before[name];
  const isDone = (): boolean => grown("hits") + grown("unwritten") + grown("misses") > 0;
  await until(isDone, PATIENCE, "the change");
  return grown("hits") > 0 ? "written" : grown("unwritten") > 0 ? "unwritten" : "missing";
}

export async function end(): Promise<void> {
  await music?.dispose();
  music = undefined;
}
