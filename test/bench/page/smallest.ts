/** The least that a game does: what this page fetches is what Attacca costs to download. */
import { createSoundtrack } from "attacca";
import { SCORE } from "./score.ts";

const music = await createSoundtrack({ score: SCORE, generator: "wasm" });
await music.start();
