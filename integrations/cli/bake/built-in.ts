import { parseKey } from "../../../engine/music/key.ts";
import { PALETTE_NAMES } from "../../../engine/renderer-worker/palettes.ts";
import { BakeError } from "./bake-error.ts";

/** The dials of a bake without a score; what is undefined is as genre and mood have it. */
export interface Dials {
  readonly genre: string | undefined;
  readonly mood: string | undefined;
  /** Quarter notes a minute. */
  readonly tempo: string | undefined;
  readonly key: string | undefined;
  readonly palette: string | undefined;
}

/** What kind of music it is: the model's style, instruments, meter, and the tempo of a middling mood. */
const GENRES = {
  folk: { style: "song", palette: "plucked", meter: "4/4", tempo: 104 },
  chamber: { style: "chamber", palette: "wooden", meter: "4/4", tempo: 92 },
  waltz: { style: "chamber", palette: "wooden", meter: "3/4", tempo: 126 },
  ambient: { style: "game-ambient", palette: "glass", meter: "4/4", tempo: 76 },
  mystery: { style: "game-ambient", palette: "crystal", meter: "4/4", tempo: 84 },
  adventure: { style: "role-playing", palette: "heroic", meter: "4/4", tempo: 110 },
  battle: { style: "game-driving", palette: "heroic", meter: "4/4", tempo: 138 },
  groove: { style: "groove", palette: "glass", meter: "4/4", tempo: 112 },
} as const;

/** How it feels: Russell's plane of valence and arousal, and a mode from bright to dark. */
const MOODS = {
  joyful: { valence: 0.8, arousal: 0.7, key: "G ionian" },
  hopeful: { valence: 0.5, arousal: 0.5, key: "D mixolydian" },
  calm: { valence: 0.4, arousal: 0.2, key: "F ionian" },
  heroic: { valence: 0.4, arousal: 0.9, key: "D mixolydian" },
  mysterious: { valence: -0.1, arousal: 0.35, key: "E dorian" },
  wistful: { valence: -0.2, arousal: 0.3, key: "A dorian" },
  sad: { valence: -0.6, arousal: 0.25, key: "D aeolian" },
  tense: { valence: -0.5, arousal: 0.75, key: "E phrygian" },
  dark: { valence: -0.8, arousal: 0.5, key: "C phrygian" },
} as const;

/** A tempo moves by so much, at most, with the arousal of its mood. */
const TEMPO_SWING = 0.2;
const DEFAULT_GENRE = "folk";
const DEFAULT_MOOD = "calm";

/** A score of one mood for a genre and a mood. Throws `BakeError` for a dial that stands nowhere. */
export function builtInScore(dials: Dials): { readonly name: string; readonly text: string } {
  const genreName = dials.genre ?? DEFAULT_GENRE;
  const moodName = dials.mood ?? DEFAULT_MOOD;
  const genre = named("--genre", genreName, GENRES);
  const mood = named("--mood", moodName, MOODS);
  const swing = 1 + TEMPO_SWING * (2 * mood.arousal - 1);
  const tempo = dials.tempo ?? String(Math.round(genre.tempo * swing));
  const key = dials.key ?? mood.key;
  if (parseKey(key) === undefined) {
    throw new BakeError(`--key: found "${key}", expected a key such as "D dorian" or "F# minor"`);
  }
  if (!(Number(tempo) >= 40 && Number(tempo) <= 240)) {
    throw new BakeError(`--tempo: found "${tempo}", expected a number within [40, 240]`);
  }
  const palette = dials.palette ?? genre.palette;
  if (!PALETTE_NAMES.includes(palette)) {
    throw new BakeError(`--palette: found "${palette}", expected ${listed(PALETTE_NAMES)}`);
  }
  const { valence, arousal } = mood;
  const name = `${moodName} ${genreName}`;
  const text = [
    "attacca: 1",
    `title: ${name}`,
    `tempo: ${tempo}`,
    `key: ${key}`,
    `palette: ${palette}`,
    "moods:",
    `  ${moodName}: { valence: ${valence}, arousal: ${arousal}, meter: ${genre.meter}, style: ${genre.style} }`,
    "",
  ].join("\n");
  return { name, text };
}

function named<Values extends object>(
  flag: string,
  name: string,
  values: Values,
): Values[keyof Values] {
  const isName = (text: string): text is keyof Values & string => Object.hasOwn(values, text);
  if (isName(name)) return values[name];
  throw new BakeError(`${flag}: found "${name}", expected ${listed(Object.keys(values))}`);
}

const listed = (names: readonly string[]): string =>
  `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
