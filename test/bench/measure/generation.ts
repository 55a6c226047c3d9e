import type { Page } from "playwright";
import { withPage } from "../../helpers/browser.ts";
import { repeat } from "../progress.ts";
import { rowOf, type Row } from "../report.ts";
import { estimate, median, percentile } from "../statistics.ts";
import type { Section } from "./section.ts";

/** As many as the engine asks for. */
const FULL = 8;
const THOROUGH = 12;
const HURRIED = 4;
/** Eight bars at 120 bpm. */
const REAL_TIME = { name: "the same bars played at 120 bpm", value: 16_000 };

const time = (
  page: Page,
  what: string,
  passes: number,
  times: number,
): Promise<readonly number[]> =>
  repeat(`${what}, ${passes} passes`, times, (index) =>
    page.evaluate(async ([passes, seed]) => (await bench.generation()).write(passes, seed), [
      passes,
      index + 1,
    ] as const),
  );

const name = (passes: number, backend: string, model: string, figure: string): string =>
  `8 bars of five stems, ${passes} passes, ${backend}, ${model}, ${figure}`;

function fullRows(times: readonly number[], backend: string, model: string): readonly Row[] {
  const unit = "ms";
  const p95 = estimate(times, (values) => percentile(values, 0.95));
  return [
    rowOf({ name: name(FULL, backend, model, "p50"), unit, peer: REAL_TIME }, estimate(times)),
    rowOf({ name: name(FULL, backend, model, "p95"), unit, goal: 1000, peer: REAL_TIME }, p95),
  ];
}

/** Writing eight bars of five stems with the shipped models in their worker; `lite` is the engine's default. */
export const generation: Section = ({ browser, site, quick }) =>
  withPage(browser, site.url, async (page) => {
    await page.evaluate(async () => (await bench.generation()).open("wasm", "lite"));
    const lite = await time(page, "generation, lite, WASM", FULL, quick ? 3 : 40);
    const hurried = await time(page, "generation, lite, WASM", HURRIED, quick ? 3 : 20);
    const thorough = await time(page, "generation, lite, WASM", THOROUGH, quick ? 3 : 20);
    const peer = { name: `${FULL} passes`, value: median(lite) };
    const unit = "ms";
    const rows = [
      ...fullRows(lite, "WASM", "lite"),
      rowOf({ name: name(HURRIED, "WASM", "lite", "p50"), unit, peer }, estimate(hurried)),
      rowOf({ name: name(THOROUGH, "WASM", "lite", "p50"), unit, peer }, estimate(thorough)),
    ];
    await page.evaluate(async () => (await bench.generation()).open("wasm", "full"));
    const full = await time(page, "generation, full, WASM", FULL, quick ? 3 : 40);
    rows.push(...fullRows(full, "WASM", "full"));
    const adapter = await page.evaluate(async () => (await bench.generation()).adapter());
    if (!adapter.isHardware) return rows;
    await page.evaluate(async () => (await bench.generation()).open("webgpu", "lite"));
    const onGpu = await time(page, "generation, lite, WebGPU", FULL, quick ? 3 : 40);
    const wasm = { name: "WASM", value: median(lite) };
    return [
      ...rows,
      rowOf({ name: name(FULL, "WebGPU", "lite", "p50"), unit, peer: wasm }, estimate(onGpu)),
    ];
  });
