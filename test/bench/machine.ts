import { existsSync, readFileSync } from "node:fs";
import os from "node:os";

/** Where and beside what the figures were taken. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly os: string;
  readonly node: string;
  readonly browser: string;
  /** The graphics adapter that WebGPU would use, or why there is none. */
  readonly webgpu: string;
  /** Processes that wanted a core, averaged over a minute, before and after the run. */
  readonly load: { readonly before: number; readonly after: number };
}

const RELEASE = "/etc/os-release";

function system(): string {
  const release = existsSync(RELEASE) ? readFileSync(RELEASE, "utf8") : "";
  const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(release)?.[1];
  return `${name === undefined ? "" : `${name}, `}${os.type()} ${os.release()} ${os.arch()}`;
}

export const loadAverage = (): number => Math.round((os.loadavg()[0] ?? 0) * 100) / 100;

export function describeMachine(seen: Pick<Machine, "browser" | "webgpu" | "load">): Machine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? "unknown",
    cores: cpus.length,
    memoryGB: Math.round(os.totalmem() / 1e8) / 10,
    os: system(),
    node: process.version,
    ...seen,
  };
}

/** Two lines; the second warns when other work wanted the cores. */
export function formatMachine(machine: Machine): string {
  const { cpu, cores, memoryGB, os: name, browser, node, load } = machine;
  const busy = load.before > cores / 2;
  return [
    `${cpu}, ${cores} cores, ${memoryGB} GB; ${name}; ${browser}; Node ${node}`,
    `load ${load.before} before, ${load.after} after${busy ? ": OTHER WORK WAS RUNNING, figures are noisy" : ""}`,
  ].join("\n");
}
