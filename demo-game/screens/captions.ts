import type { Soundtrack } from "attacca";
import type { GameState, Happening } from "../game/state.ts";
import { element } from "./element.ts";
import { createLine } from "./screens.ts";

const MOODS: Readonly<Record<string, string>> = {
  title: "the theme, on flute and harp",
  wander: "a chord now and then",
  "wander-1": "the melody, from far away",
  "wander-2": "the melody, and a second voice",
  "wander-3": "melody and second voice, over moving chords",
  "wander-4": "melody, second voice and bass",
  mystery: "slow, dark chords under a far melody",
  "mystery-4": "slow, dark chords, and a bass under them",
  rest: "one voice is left",
  "deep-rest": "one voice is left",
  danger: "drums close in",
  ember: "a single held note",
  sunrise: "the whole theme, everybody plays",
  home: "the theme, from far away",
};
const STINGERS: Readonly<Record<string, string>> = {
  glimpse: "a second voice, from far away",
  spark: "a spark of notes",
  owl: "an owl answers",
  touch: "the crystal sings",
  wake: "the lantern's chord",
  alarm: "a sharp call",
};
/** What each lantern gives back. */
const LANTERNS = [
  "the melody is back",
  "a second voice joins",
  "the harmony moves again, a tone higher",
  "the bass is back",
  "the drums are back",
] as const;

/** Says in words what is heard, and from where. */
export interface Captions {
  happening(it: Happening): void;
}

export function createCaptions(
  music: Pick<Soundtrack, "on">,
  options: { readonly shown: () => boolean; readonly state: () => GameState },
): Captions {
  const line = createLine(element("captions"), 4);
  const tell = (text: string | undefined): void => {
    if (text !== undefined && options.shown()) line(`♪ ${text}`);
  };
  music.on("mood", ({ to }) => {
    const text = MOODS[to] ?? MOODS[to.replace(/-\d$/, "")];
    tell(to === "danger" && text !== undefined ? `${text}, ${side(options.state())}` : text);
  });
  music.on("stinger", ({ name }) => tell(STINGERS[name]));
  return {
    happening: (it) => {
      if (it.kind === "lit") tell(LANTERNS[it.lantern]);
      if (it.kind === "beset") tell("whispers, all around");
      if (it.kind === "fallen") tell("everything falls silent");
    },
  };
}

/** Where the Hush is, as one would say it. */
function side({ hush, at }: GameState): string {
  const [x, z] = [hush.x - at.x, hush.z - at.z];
  if (Math.abs(x) < Math.abs(z)) return z > 0 ? "ahead" : "behind";
  return x < 0 ? "left" : "right";
}
