import { format } from "prettier";
import { STEMS } from "../../engine/music/stem.ts";
import type { Loudness } from "./ffmpeg.ts";
import type { Measured } from "./measure.ts";

/** A row of the tables: a clip and what was found of it. */
export interface Row {
  readonly palette: string;
  readonly intensity: number;
  readonly loudness: Loudness;
  readonly measured: Measured;
}

const fixed = (value: number, digits = 1): string =>
  Number.isFinite(value) ? value.toFixed(digits) : "none";
const percent = (share: number): string => `${Math.round(100 * share)} %`;

type Column = readonly [heading: string, cell: (row: Row) => string];

const WHICH: readonly Column[] = [
  ["palette", ({ palette }) => `\`${palette}\``],
  ["intensity", ({ intensity }) => String(intensity)],
];

const SOUND: readonly Column[] = [
  ...WHICH,
  ["LUFS", ({ loudness }) => fixed(loudness.integrated)],
  ["dBTP", ({ loudness }) => fixed(loudness.truePeak)],
  ["LU range", ({ loudness }) => fixed(loudness.range)],
  ["side/mid", ({ measured }) => fixed(measured.sideToMid)],
  ...["20 – 90 Hz", "– 250", "– 1 k", "– 4 k", "– 16 k"].map((heading, band): Column => [
    heading,
    ({ measured }) => fixed(measured.balance[band] ?? 0, 0),
  ]),
  ["crest", ({ measured }) => fixed(measured.crest)],
  ["clicks", ({ measured }) => String(measured.clicks)],
  ["silence", ({ measured }) => `${fixed(measured.silence, 2)} s`],
  ["DC", ({ measured }) => fixed(measured.offset, 0)],
];

const BALANCE: readonly Column[] = [
  ...WHICH,
  ...STEMS.map((stem): Column => [stem, ({ measured }) => percent(measured.shares[stem])]),
  ["melody above harmony", ({ measured }) => `${fixed(measured.masking?.above ?? NaN)} dB`],
  ["masked", ({ measured }) => percent(measured.masking?.masked ?? 0)],
];

const tableOf = (columns: readonly Column[], rows: readonly Row[]): string =>
  [
    columns.map(([heading]) => heading),
    columns.map((_, nth) => (nth === 0 ? "---" : "---:")),
    ...rows.map((row) => columns.map(([, cell]) => cell(row))),
  ]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

/** The tables, as Markdown. */
export const tablesOf = (rows: readonly Row[]): Promise<string> =>
  format(`${tableOf(SOUND, rows)}\n\n${tableOf(BALANCE, rows)}\n`, { parser: "markdown" });

/** A page that plays the clips, which lie beside it. */
export function pageOf(rows: readonly Row[], fileOf: (row: Row) => string): string {
  const cards = rows.map((row) => {
    const { palette, intensity, loudness, measured } = row;
    const file = fileOf(row);
    const told = [
      `${fixed(loudness.integrated)} LUFS, ${fixed(loudness.truePeak)} dBTP`,
      `side/mid ${fixed(measured.sideToMid)} dB`,
      `melody ${fixed(measured.masking?.above ?? NaN)} dB above harmony`,
    ].join(" · ");
    return `<figure><figcaption><b>${palette}</b> at ${intensity}<br><small>${told}</small></figcaption>
<audio controls preload="none" src="${file}.opus"></audio>
<img loading="lazy" src="${file}.png" alt="spectrogram of ${palette} at ${intensity}"></figure>`;
  });
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Attacca: all palettes</title>
<style>
body { font: 16px/1.4 system-ui, sans-serif; margin: 2rem; background: #14161a; color: #e8e6e1 }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 1.5rem }
figure { margin: 0 } audio, img { width: 100% }
</style>
<h1>The same sixteen bars</h1>
<p>Written by the model from one seed for each intensity, played on every palette.</p>
<main>${cards.join("\n")}</main></html>
`;
}
