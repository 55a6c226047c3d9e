import type { Soundtrack } from "attacca";
import { canKindle } from "../game/kindling.ts";
import { goalOf } from "../game/signals.ts";
import type { Play } from "../play.ts";

/** Times a second. */
const RATE = 10;

/** Puts where the game is, and what has been heard, on the page, where style sheets and tests can read it. */
export function markGame(play: Play, music: Pick<Soundtrack, "on" | "snapshot">): void {
  const { dataset } = document.body;
  const heard = {
    moods: new Set<string>(),
    stingers: new Set<string>(),
    transitions: new Set<string>(),
    places: new Set<string>(),
    faults: new Set<string>(),
  };
  const note = (kind: keyof typeof heard, name: string): void => {
    heard[kind].add(name);
    dataset[kind] = [...heard[kind]].join(" ");
  };
  music.on("mood", ({ to }) => note("moods", to));
  music.on("stinger", ({ name }) => note("stingers", name));
  music.on("transition", ({ sync }) => note("transitions", sync));
  music.on("fault", ({ code }) => note("faults", code));
  setInterval(() => {
    const { state, phrase } = play;
    const goal = goalOf(state, phrase) ?? state.at;
    dataset["lanterns"] = String(state.lanterns);
    dataset["at"] = `${state.at.x.toFixed(2)} ${state.at.z.toFixed(2)}`;
    dataset["goal"] = `${goal.x.toFixed(2)} ${goal.z.toFixed(2)}`;
    dataset["ready"] = String(canKindle(state, phrase));
    dataset["kindling"] = String(state.kindling?.left !== undefined);
    dataset["light"] = state.light.toFixed(2);
    dataset["dawn"] = state.dawn.toFixed(2);
    const { counters, location, state: sound } = music.snapshot();
    if (sound === "playing" && location !== undefined) note("places", location);
    dataset["late"] = String((counters["late"] ?? 0) + (counters["missed"] ?? 0));
  }, 1000 / RATE);
}
