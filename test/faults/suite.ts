import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyFiles } from "../../integrations/cli/copy-files.ts";
import { remove, serveFolder } from "../helpers/built-game.ts";
import type { FileServer } from "../helpers/file-server.ts";
import { caseOf, type Case } from "./cases/case.ts";
import { gpuAbsent, gpuDestroyed, gpuHangs, memoryRefused } from "./cases/device.ts";
import { cut, missing, nan, slow, truncatedOnce, wrong, wrongOnce } from "./cases/model.ts";
import { blocked, clockJumps, suspended, throttled } from "./cases/page.ts";
import { terminated } from "./cases/workers.ts";
import { openHouse, type House, type Room } from "./house.ts";
import { playScene, type Played } from "./scene.ts";

/** Decibels below the quietest moment of the quietest mood: other notes may be a little softer. */
const MARGIN = 6;

/** All faults, as often as they are to be met. */
export const LONG: readonly Case[] = [
  { ...caseOf(terminated("generator", 5)), pages: 10 },
  { ...caseOf(terminated("renderer", 5)), pages: 10 },
  caseOf(blocked(0.25, 10)),
  caseOf(blocked(1, 5)),
  caseOf(blocked(3, 5)),
  caseOf(throttled(60)),
  caseOf(suspended(20)),
  caseOf(clockJumps),
  missing,
  truncatedOnce,
  cut,
  wrongOnce,
  wrong,
  slow(30),
  nan,
  memoryRefused,
  gpuAbsent,
  gpuDestroyed,
  gpuHangs,
];

/** The same of fewer moments and pages, and what else takes no minutes. */
export const SHORT: readonly Case[] = [
  caseOf(blocked(3, 1), terminated("renderer", 1), terminated("generator", 1)),
  nan,
  memoryRefused,
];

/** Where cases are played, and what is asked of them. */
export interface Ground {
  readonly house: House;
  readonly files: FileServer;
  /** Decibels of full scale. */
  readonly floor: number;
  /** Both moods without a fault: they say where the floor is, and how sharp a drum may be. */
  readonly reference: Played;
  close(): Promise<void>;
}

/** Opens a house and plays both moods there without a fault, for so many seconds each. */
export async function openGround(seconds: number): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), "attacca-files-"));
  copyFiles(folder, "lite");
  const [house, files] = await Promise.all([openHouse(), serveFolder(folder)]);
  const reference = await inRoom(await house.enter(), (room) =>
    playScene({ room, files, seed: 0, floor: 0 }, async (scene) => {
      await scene.play();
      await scene.written();
      await scene.wait(seconds);
      await scene.page.evaluate(() => faulty.move("cave"));
      await scene.wait(seconds);
    }),
  );
  return {
    house,
    files,
    floor: reference.ownFloor - MARGIN,
    reference,
    async close() {
      await Promise.all([house.close(), files.stop()]);
      await remove(folder);
    },
  };
}

async function inRoom<Result>(room: Room, use: (room: Room) => Promise<Result>): Promise<Result> {
  try {
    return await use(room);
  } finally {
    await room.close();
  }
}

/** Plays one page of a case; `nth` gives it moments of its own. */
export const playCase = async (
  { house, files, floor }: Ground,
  { launch, act }: Case,
  nth: number,
): Promise<Played> =>
  inRoom(await house.enter(launch), (room) =>
    playScene({ room, files, seed: nth + 1, floor }, act),
  );
