import type { Scene } from "../scene.ts";
import type { Case } from "./case.ts";

/** Seconds, about a phrase: a worker is killed at a random moment of so long a time. */
const SPAN = 8;
const PLACES = ["cave", "meadow"] as const;

/** Ends a worker at random moments; every third time while the music is about to change. */
async function killed(
  scene: Scene,
  worker: "generator" | "renderer",
  times: number,
): Promise<void> {
  await scene.play();
  await scene.written();
  for (let nth = 0; nth < times; nth += 1) {
    await scene.wander(SPAN);
    if (nth % 3 === 2) {
      await scene.page.evaluate((to) => faulty.move(to), PLACES[Math.floor(nth / 3) % 2] ?? "cave");
    }
    await scene.suffer(worker, () =>
      scene.page.evaluate((name) => faulty.kill(name), `${worker}-worker`),
    );
  }
}

/** So many kills in each of so many pages. */
export const workerCases = (pages: number, times: number): readonly Case[] =>
  (["generator", "renderer"] as const).map((worker) => ({
    name: `${worker} worker terminated`,
    pages,
    tells: [`${worker}-lost`],
    act: (scene) => killed(scene, worker, times),
  }));
