import type { Soundtrack } from "../../engine/index.ts";

export type Call = readonly [signal: string, value: number | string];

export type Attached = Pick<
  Soundtrack,
  "set" | "blend" | "expect" | "pause" | "resume" | "snapshot"
>;

const nothing = (): void => undefined;

/** What a scene drives of a soundtrack, with ears of the test's own. */
export const soundtrackThat = (ears: Partial<Attached>): Attached => ({
  set: nothing,
  blend: nothing,
  expect: nothing,
  pause: nothing,
  resume: nothing,
  snapshot: () => {
    throw new Error("nobody asked for a snapshot");
  },
  ...ears,
});
