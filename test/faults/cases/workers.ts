import type { Passing } from "./case.ts";

/** Seconds, about a phrase: a worker is killed at a random moment of so long a time. */
const SPAN = 8;
const PLACES = ["cave", "meadow"] as const;

/** Ends a worker at random moments; every third time while the music is about to change. */
export const terminated = (worker: "generator" | "renderer", times: number): Passing => ({
  name: `${worker} worker terminated`,
  tells: [`${worker}-lost`],
  async befall(scene) {
    for (let nth = 0; nth < times; nth += 1) {
      await scene.wander(SPAN);
      if (nth % 3 === 2) {
        await scene.page.evaluate(
          (to) => faulty.move(to),
          PLACES[Math.floor(nth / 3) % 2] ?? "cave",
        );
      }
      await scene.suffer(worker, () =>
        scene.page.evaluate((name) => faulty.kill(name), `${worker}-worker`),
      );
    }
  },
});
