import type { Page } from "playwright";
import { withPage } from "../../helpers/browser.ts";
import { repeat } from "../progress.ts";
import { missingRow, rowOf, type Row } from "../report.ts";
import { estimate, median, percentile } from "../statistics.ts";
import type { Section } from "./section.ts";

/** As many as the engine asks for. */
const FULL = 4;
const BARS = 8;
/** Eight bars at 120 bpm. */
const REAL_TIME = { name: "the same bars played at 120 bpm", value: 16_000 };
const GOAL = 1000;

/** Which network writes, and on what. */
interface Subject {
  readonly backend: "wasm" | "webgpu";
  readonly model: "lite" | "full";
  /** Default 1. */
  readonly threads?: number;
}

const BACKEND_NAMES = { wasm: "WASM", webgpu: "WebGPU" } as const;
const nameOf = ({ backend, model, threads = 1 }: Subject): string =>
  [BACKEND_NAMES[backend], ...(threads > 1 ? [`${threads} threads`] : []), model].join(", ");

const label = (subject: Subject, passes: number, figure: string): string =>
  `${BARS} bars of five stems, ${passes} passes, ${nameOf(subject)}, ${figure}`;

const RATE = "bars/s";
const rateName = (subject: Subject): string =>
  `bars of five stems a second, ${FULL} passes, ${nameOf(subject)}`;

/** Returns on how many threads it writes. */
const open = (page: Page, { backend, model, threads = 1 }: Subject): Promise<number> =>
  page.evaluate(
    async ([backend, model, threads]) => (await bench.generation()).open(backend, model, threads),
    [backend, model, threads] as const,
  );

const write = (page: Page, passes: number, seed: number): Promise<number> =>
  page.evaluate(async ([passes, seed]) => (await bench.generation()).write(passes, seed), [
    passes,
    seed,
  ] as const);

/** Times of an open model. */
const warm = (
  page: Page,
  subject: Subject,
  passes: number,
  times: number,
): Promise<readonly number[]> =>
  repeat(`generation, ${nameOf(subject)}, ${passes} passes`, times, (index) =>
    write(page, passes, index + 1),
  );

/** Times from the start of a worker to its first notes. */
const cold = (page: Page, subject: Subject, times: number): Promise<readonly number[]> =>
  repeat(`generation, ${nameOf(subject)}, cold`, times, async (index) => {
    const opened = await page.evaluate(
      async ([backend, model]) => {
        const { open } = await bench.generation();
        const begin = performance.now();
        await open(backend, model);
        return performance.now() - begin;
      },
      [subject.backend, subject.model] as const,
    );
    return opened + (await write(page, FULL, index + 1));
  });

const shares = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

function warmRows(subject: Subject, times: readonly number[]): readonly Row[] {
  const unit = "ms";
  const rows = Object.entries(shares).map(([figure, share]) =>
    rowOf(
      {
        name: label(subject, FULL, figure),
        unit,
        ...(figure === "p95" ? { goal: GOAL } : {}),
        peer: REAL_TIME,
      },
      estimate(times, (values) => percentile(values, share)),
    ),
  );
  const rates = times.map((time) => (1000 * BARS) / time);
  return [
    ...rows,
    rowOf({ name: rateName(subject), unit: RATE, isMoreBetter: true }, estimate(rates)),
  ];
}

function coldRows(subject: Subject, times: readonly number[], warmed: number): readonly Row[] {
  const peer = { name: "warm", value: warmed };
  return Object.entries(shares).map(([figure, share]) => {
    const name = label(subject, FULL, `cold, ${figure}`);
    const measured = estimate(times, (values) => percentile(values, share));
    return rowOf({ name, unit: "ms", ...(figure === "p50" ? { peer } : {}) }, measured);
  });
}

interface Effort {
  readonly warm: number;
  readonly cold: number;
  readonly other: number;
}

async function rowsOf(page: Page, subject: Subject, effort: Effort): Promise<readonly Row[]> {
  const colds = await cold(page, subject, effort.cold);
  const times = await warm(page, subject, FULL, effort.warm);
  return [...warmRows(subject, times), ...coldRows(subject, colds, median(times))];
}

/** Other numbers of passes, beside those that the engine asks for. */
async function passRows(page: Page, effort: Effort): Promise<readonly Row[]> {
  const subject: Subject = { backend: "wasm", model: "lite" };
  await open(page, subject);
  const usual = median(await warm(page, subject, FULL, effort.other));
  const peer = { name: `${FULL} passes`, value: usual };
  const rows: Row[] = [];
  for (const passes of [8, 12]) {
    const times = await warm(page, subject, passes, effort.other);
    rows.push(rowOf({ name: label(subject, passes, "p50"), unit: "ms", peer }, estimate(times)));
  }
  return rows;
}

/** More threads than one, where they start. */
async function threadRows(page: Page, effort: Effort): Promise<readonly Row[]> {
  const subject: Subject = { backend: "wasm", model: "lite", threads: 2 };
  const started = await open(page, subject);
  if (started === subject.threads)
    return warmRows(subject, await warm(page, subject, FULL, effort.warm));
  const labels = { name: rateName(subject), unit: RATE, isMoreBetter: true } as const;
  return [missingRow(labels, `only ${started} thread starts`)];
}

/** Writing eight bars of five stems with the shipped models in their worker; `lite` is the engine's default. */
export const generation: Section = ({ browser, site, quick }) =>
  withPage(browser, site.url, async (page) => {
    const effort = quick ? { warm: 3, cold: 2, other: 2 } : { warm: 100, cold: 10, other: 15 };
    const rows = [
      ...(await rowsOf(page, { backend: "wasm", model: "lite" }, effort)),
      ...(await passRows(page, effort)),
      ...(await threadRows(page, effort)),
      ...(await rowsOf(
        page,
        { backend: "wasm", model: "full" },
        { ...effort, warm: quick ? 3 : 40 },
      )),
    ];
    const adapter = await page.evaluate(async () => (await bench.generation()).adapter());
    if (!adapter.isHardware) return rows;
    for (const model of ["lite", "full"] as const) {
      rows.push(...(await rowsOf(page, { backend: "webgpu", model }, effort)));
    }
    return rows;
  });
