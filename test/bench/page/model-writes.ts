import type { Soundtrack } from "attacca";
import { until } from "../../helpers/game.ts";

/** Seconds. */
const PATIENCE = 120;

/** Waits until the model has written what is played. Throws where there will be no model. */
export async function modelWrites(music: Soundtrack): Promise<void> {
  await until(() => music.stats().generator !== "loading", PATIENCE, "the model");
  const { generator } = music.stats();
  if (generator !== "ready") throw new Error(`the generator is ${generator}`);
  const written = (): number => music.snapshot().counters["takes-model"] ?? 0;
  await until(() => written() > 0, PATIENCE, "the model's first take").catch((error: Error) => {
    const { tier, requested, onTime, late, failed } = music.stats();
    const accounts = `tier ${tier}; requested ${requested}, on time ${onTime}, late ${late}, failed ${failed}`;
    throw new Error(`${error.message} (${accounts})`, { cause: error });
  });
}
