import { parseArgs } from "node:util";

export const SECTIONS = [
  "bytes",
  "generation",
  "rendering",
  "main-thread",
  "scene",
  "first-sound",
  "latency",
  "play",
  "readiness",
  "peers",
  "decisions",
] as const;
export type SectionName = (typeof SECTIONS)[number];

export interface Options {
  /** Where the report is written; nowhere without it. */
  readonly json: string | undefined;
  /** Few measurements: shows that all works, its figures mean little. */
  readonly quick: boolean;
  readonly sections: readonly SectionName[];
}

export const USAGE = `npm run bench -- [--json FILE] [--quick] [--only NAME]…
  --json FILE  write the report as JSON too
  --quick      few measurements: shows that everything works
  --only NAME  one of ${SECTIONS.join(", ")}; may be repeated`;

const isSection = (name: string): name is SectionName =>
  SECTIONS.some((section) => section === name);

/** Reads the command line. Throws `RangeError` on a section that does not exist, as `parseArgs` does on others. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "string" },
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
    },
  });
  const sections = values.only.map((name) => {
    if (isSection(name)) return name;
    throw new RangeError(`--only must be one of ${SECTIONS.join(", ")}, got ${name}`);
  });
  return {
    json: values.json,
    quick: values.quick,
    sections: sections.length > 0 ? sections : SECTIONS,
  };
}
