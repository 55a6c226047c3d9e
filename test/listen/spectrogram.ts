import { deflateSync } from "node:zlib";
import type { Pcm } from "../../integrations/cli/bake/tape-voice.ts";
import { SAMPLE_RATE } from "./clips.ts";
import { bandsOf, powerSpectra } from "./spectrum.ts";

const HEIGHT = 240;
const LOWEST_HERTZ = 40;
const HIGHEST_HERTZ = 18_000;
/** Decibels between the loudest place of the picture and black. */
const RANGE = 90;

/** A PNG: time to the right, one window a column; frequency upwards from 40 Hz to 18 kHz, by octaves; both channels. */
export function spectrogramOf(pcm: Pcm): Buffer {
  const edges = Array.from(
    { length: HEIGHT + 1 },
    (_, row) => LOWEST_HERTZ * (HIGHEST_HERTZ / LOWEST_HERTZ) ** (row / HEIGHT),
  );
  const columns = Array.from(powerSpectra(pcm), (power) =>
    filled(bandsOf(power, edges, SAMPLE_RATE)),
  );
  const loudest = columns.reduce((most, column) => Math.max(most, ...column), 1e-12);
  const shades = columns.map((column) =>
    column.map((power) => Math.max(0, 1 + (10 * Math.log10(power / loudest)) / RANGE)),
  );
  const rows = Array.from({ length: HEIGHT }, (_, y) =>
    Buffer.from([0, ...shades.flatMap((column) => colourOf(column[HEIGHT - 1 - y] ?? 0))]),
  );
  return png(columns.length, Buffer.concat(rows));
}

/** Low rows are narrower than a bin: they show the next one below that has power. */
function filled(bands: readonly number[]): readonly number[] {
  let below = 0;
  return bands.map((power) => {
    below = power > 0 ? power : below;
    return below;
  });
}

/** Black, violet, orange, white. */
const colourOf = (shade: number): readonly number[] => {
  const part = (from: number): number =>
    Math.round(255 * Math.max(0, Math.min(1, (shade - from) * 2)));
  return [part(0.15), part(0.5), Math.max(part(0.75), Math.round(140 * Math.sin(Math.PI * shade)))];
};

/** An image of so many columns in 8-bit RGB; each row begins with the byte of its filter, 0 (PNG, third edition). */
function png(width: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(checksum(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** CRC-32, the lowest bit first. */
function checksum(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
