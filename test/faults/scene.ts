import type { Page, Worker } from "playwright";
import { randomAt } from "../../engine/music/random.ts";
import type { FileServer } from "../helpers/file-server.ts";
import { openScene, type Room } from "./house.ts";
import type { Need, Outcome } from "./page/page.ts";

/** One page in which music plays, and what a case does to it. */
export interface Scene {
  readonly page: Page;
  readonly files: FileServer;
  /** Starts the music and its recording; `files`: the model comes from the server of files. */
  play(options?: PlayOptions): Promise<void>;
  /** Waits until a phrase of the model's is settled. */
  written(): Promise<void>;
  /** Causes a fault, waits until all is well again, and notes how long that took from its end on. */
  suffer(need: Need, cause: () => Promise<unknown>): Promise<void>;
  /** Notes a recovery that was measured otherwise. */
  recovered(seconds: number): void;
  /** Waits for a random part of so many seconds. */
  wander(seconds: number): Promise<void>;
  wait(seconds: number): Promise<void>;
  /** Waits until the game was told of a fault. */
  told(code: string): Promise<void>;
  /** The page's workers whose script has this name. */
  workers(name: string): readonly Worker[];
}

interface PlayOptions {
  readonly generator?: "wasm" | "webgpu" | "auto";
  readonly files?: boolean;
}

/** What became of a case. */
export interface Played extends Outcome {
  readonly moments: number;
  /** Seconds until all was well, of each moment. */
  readonly recoveries: readonly number[];
}

/** More than this a recovery may never take; what is allowed is asserted elsewhere. Seconds. */
const LIMIT = 90;
/** Seconds: what was made out of order is heard by then. */
const AFTERMATH = 6;

export interface Casting {
  readonly room: Room;
  readonly files: FileServer;
  readonly seed: number;
  readonly floor: number;
}

/** Plays a case in a page of its own. */
export async function playScene(
  { room, files, seed, floor }: Casting,
  act: (scene: Scene) => Promise<void>,
): Promise<Played> {
  const page = await openScene(room);
  const recoveries: number[] = [];
  let steps = 0;
  const scene: Scene = {
    page,
    files,
    play: ({ generator = "wasm", files: isServed = false } = {}) => {
      const assets = isServed ? { assets: { baseUrl: files.origin } } : {};
      return page.evaluate((options) => faulty.play(options), { generator, ...assets });
    },
    written: () => page.evaluate((limit) => faulty.written(limit), LIMIT),
    async suffer(need, cause) {
      const before = await page.evaluate(() => faulty.mark());
      await cause();
      // What is done to the page is over by now; a worker stays dead until it is missed.
      const since = need === "page" ? await page.evaluate(() => faulty.mark()) : before;
      const wait = ({ since, need, limit }: Waited) => faulty.recovery(since, need, limit);
      recoveries.push(await page.evaluate(wait, { since, need, limit: LIMIT }));
    },
    recovered: (seconds) => recoveries.push(seconds),
    async wander(seconds) {
      steps += 1;
      await page.waitForTimeout(randomAt(seed, "moment", steps) * seconds * 1000);
    },
    wait: (seconds) => page.waitForTimeout(seconds * 1000),
    told: async (code) => {
      const isTold = (wanted: string) => faulty.faults().some((told) => told.code === wanted);
      await page.waitForFunction(isTold, code, { timeout: LIMIT * 1000 });
    },
    workers: (name) => page.workers().filter((worker) => worker.url().includes(name)),
  };
  try {
    await act(scene);
    await scene.wait(AFTERMATH);
    const heard = await page.evaluate((floor) => faulty.outcome(floor), floor);
    return { ...heard, moments: recoveries.length, recoveries };
  } finally {
    await page.context().close();
  }
}

interface Waited {
  readonly since: Awaited<ReturnType<typeof faulty.mark>>;
  readonly need: Need;
  readonly limit: number;
}
