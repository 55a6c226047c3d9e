import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { jobsOf } from "../../../integrations/cli/bake/jobs.ts";
import { readOptions } from "../../../integrations/cli/bake/options.ts";
import { prepareJob } from "../../../integrations/cli/bake/piece-of.ts";

const folder = mkdtempSync(join(tmpdir(), "attacca-jobs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const score = join(folder, "two.score.yaml");
writeFileSync(
  score,
  `attacca: 1
title: Two places
moods:
  calm: { arousal: 0.3, phrase: 4 bars }
  wild: { arousal: 0.8, phrase: 4 bars }
locations: { arcade: { palette: chiptune } }
stingers: { found: { at: beat, length: 1 bar, moods: [calm] } }
transitions: [{ from: any, to: any, at: bar }]
`,
);
const jobs = (...args: readonly string[]) =>
  jobsOf(readOptions(["--out", folder, "--score", score, ...args]));

describe("every piece of a score", () => {
  const all = ["--transitions", "--stingers", "--jingles", "--loops", "--bank", "2"];

  test("has a folder of its own, and takes of a bank a seed of their own", async () => {
    const found = await jobs(...all, "--seed", "5");
    expect(found.map(({ name, seed }) => `${name} ${seed}`)).toEqual([
      "transitions/calm-to-wild 5",
      "transitions/wild-to-calm 5",
      "stingers/found-in-calm 5",
      "jingles/calm 5",
      "jingles/wild 5",
      "loops/calm 5",
      "loops/wild 5",
      "bank/calm/1 5",
      "bank/wild/1 5",
      "bank/calm/2 6",
      "bank/wild/2 6",
    ]);
  });

  test.each([2, 3, 20])("is in one of %i shards, and in no other", async (of) => {
    const whole = await jobs(...all);
    const parts = await Promise.all(
      Array.from({ length: of }, (_, part) => jobs(...all, "--shard", `${part + 1}/${of}`)),
    );
    const names = parts.flat().map(({ name }) => name);
    expect(names.toSorted()).toEqual(whole.map(({ name }) => name).toSorted());
  });

  test("is played in the place and as driven as was asked for", async () => {
    const found = await jobs(...all, "--location", "arcade", "--intensity", "0.6");
    for (const job of found) {
      const { events } = await (await prepareJob(job)).compose(NOBODY);
      expect(events, job.name).toContainEqual({ kind: "location", at: -1, name: "arcade" });
      const driven = events.flatMap((each) => (each.kind === "signal" ? [each.value] : []));
      expect(new Set(driven), job.name).toEqual(new Set([0.6]));
    }
  });

  test("is as driven as its mood where nothing was asked for, a transition as both of its own", async () => {
    const found = await jobs("--transitions", "--mood", "calm");
    const pieces = await Promise.all(
      found.map(async (job) => (await prepareJob(job)).compose(NOBODY)),
    );
    const driven = pieces.flatMap(({ events }) =>
      events.flatMap((each) => (each.kind === "signal" ? [each.value] : [])),
    );
    expect(driven).toEqual([0.3, 0.8]);
  });

  test("is not baked in a place that the score lacks", async () => {
    for (const job of await jobs(...all, "--location", "moon")) {
      await expect(prepareJob(job)).rejects.toThrow('the score has no location "moon"');
    }
  });
});

/** Pieces of a score are written as they are played: nobody is asked before. */
const NOBODY = {} as Parameters<Awaited<ReturnType<typeof prepareJob>>["compose"]>[0];
