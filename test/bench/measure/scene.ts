import { withPage } from "../../helpers/browser.ts";
import type { Accompaniment } from "../page/scene.ts";
import { repeat } from "../progress.ts";
import { rowOf, type Labels, type Row } from "../report.ts";
import { estimate, exactly, percentile } from "../statistics.ts";
import { readMainThread, traceWhile, type MainThread } from "../trace.ts";
import type { Section } from "./section.ts";

const ACCOMPANIMENTS: readonly Accompaniment[] = ["no music", "bank alone", "model writes"];

/** Of one accompaniment, compared with the scene alone. */
function rowsOf(how: Accompaniment, thread: MainThread, alone: MainThread): readonly Row[] {
  const isAlone = how === "no music";
  const name = (what: string): string => `Babylon scene, ${how}, main thread ${what}`;
  const besideScene = (value: number): Pick<Labels, "peer"> =>
    isAlone ? {} : { peer: { name: "no music", value } };
  const percentileRow = (
    what: string,
    share: number,
    of: (thread: MainThread) => readonly number[],
    goal?: number,
  ): Row =>
    rowOf(
      {
        name: name(`${what}, p${Math.round(100 * share)}`),
        unit: "ms",
        ...(goal === undefined || isAlone ? {} : { goal }),
        ...besideScene(percentile(of(alone), share)),
      },
      estimate(of(thread), (values) => percentile(values, share)),
    );
  const longest = { ...exactly(thread.longestOfAll), n: thread.frames.length };
  return [
    percentileRow("per frame, drawing and all", 0.5, ({ frames }) => frames),
    percentileRow("per frame, drawing and all", 0.99, ({ frames }) => frames),
    percentileRow("per frame beside drawing", 0.5, ({ besideFrames }) => besideFrames),
    percentileRow("per frame beside drawing", 0.99, ({ besideFrames }) => besideFrames, 1),
    rowOf(
      { name: name("longest task"), unit: "ms", goal: 50, ...besideScene(alone.longestOfAll) },
      longest,
    ),
  ];
}

/** What music adds to the main thread of a page that renders a scene: without it, from the bank, with the model. */
export const scene: Section = async ({ browser, site, quick }) => {
  const seconds = quick ? 5 : 20;
  const threads = new Map<Accompaniment, MainThread>();
  for (const how of ACCOMPANIMENTS) {
    const trace = await withPage(browser, site.url, async (page) => {
      await page.evaluate(async (how) => (await bench.scene()).open(how), how);
      return traceWhile(browser, page, () =>
        repeat(`scene, ${how}`, seconds, () => page.waitForTimeout(1000)),
      );
    });
    threads.set(how, readMainThread(trace));
  }
  const alone = threads.get("no music");
  if (alone === undefined) throw new Error("the scene was not measured alone");
  return [...threads].flatMap(([how, thread]) => rowsOf(how, thread, alone));
};
