import { expect, test } from "vitest";
import { sharesBetween, type ThreadTimes } from "../../bench/threads.ts";

const times = (...threads: readonly (readonly [string, string, number])[]): ThreadTimes =>
  new Map(threads.map(([thread, name, seconds]) => [thread, { name, seconds }]));

test("what threads took of a core is summed by what they do", () => {
  const before = times(
    ["1", "main", 2],
    ["2", "DedicatedWorker", 5],
    ["3", "DedicatedWorker", 1],
    ["4", "AudioOutputDevi", 0],
    ["5", "Compositor", 1],
  );
  const after = times(
    ["1", "main", 2.5],
    ["2", "DedicatedWorker", 6],
    ["3", "DedicatedWorker", 1.5],
    ["4", "AudioOutputDevi", 0.25],
    ["5", "Compositor", 1.75],
  );
  expect(sharesBetween(before, after, 10)).toEqual({
    main: 5,
    workers: 15,
    audio: 2.5,
    all: 30,
  });
});

test("a thread that begins meanwhile counts whole, one that ends not at all", () => {
  const before = times(["1", "main", 1], ["2", "DedicatedWorker", 9]);
  const after = times(["1", "main", 1], ["3", "DedicatedWorker", 0.5]);
  expect(sharesBetween(before, after, 1)).toEqual({ main: 0, workers: 50, audio: 0, all: 50 });
});
