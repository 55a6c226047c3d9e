import { BasicSoundBank, SoundBankLoader } from "spessasynth_core";
import { DRUM_BANK } from "../../engine/renderer-worker/palettes.ts";
import type { PresetKeys } from "../../integrations/cli/palette-font.ts";
import { presetIn, reduceBank } from "../../integrations/cli/palette-font.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A flute of three samples, a bass, a nylon guitar and a kit: what the made soundfonts have. */
const PRESETS: readonly [PresetKeys, ...PresetKeys[]] = [
  { drums: false, bank: 0, program: 73, keys: [64, 74, 84] },
  { drums: false, bank: 0, program: 32, keys: [33, 52] },
  { drums: false, bank: 0, program: 24, keys: [57, 70] },
  { drums: true, bank: DRUM_BANK, program: 0, keys: [36, 38, 42] },
];

/** Soundfonts of the same instruments in each format, made of the shipped one. */
export interface MadeFonts {
  readonly sf3: Bytes;
  readonly sf2: Bytes;
  readonly dls: Bytes;
  /** Of 8 bits a sample. */
  readonly dls8: Bytes;
  /** SF2 whose flute has the octave from C4 to C5 alone. */
  readonly short: Bytes;
}

/** `shipped`: the bytes of `band.sf3`. */
export async function makeFonts(shipped: ArrayBuffer): Promise<MadeFonts> {
  await BasicSoundBank.isSF3DecoderReady;
  const bank = SoundBankLoader.fromArrayBuffer(shipped);
  reduceBank(bank, PRESETS);
  const sf3 = new Uint8Array(bank.writeSF2());
  await bank.setSampleFormat({ format: "pcm" });
  const sf2 = new Uint8Array(bank.writeSF2());
  const dls = new Uint8Array(bank.writeDLS());
  for (const zone of presetIn(bank, PRESETS[0]).zones) zone.keyRange = { min: 60, max: 72 };
  const short = new Uint8Array(bank.writeSF2());
  return { sf3, sf2, dls, dls8: inEightBits(dls), short };
}

const textAt = (bytes: Bytes, at: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + 4));

/** The same DLS with every wave in 8 bits: its format says so, and of each sample the upper byte is left, unsigned. */
function inEightBits(dls: Bytes): Bytes {
  const chunk = (bytes: Bytes): Bytes => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const id = textAt(bytes, 0);
    const content = bytes.slice(8, 8 + view.getUint32(4, true));
    if (id === "RIFF" || id === "LIST") {
      return written(id, [content.slice(0, 4), ...chunksOf(content.slice(4)).map(chunk)]);
    }
    if (id === "fmt ") {
      const format = new DataView(content.buffer);
      format.setUint32(8, format.getUint32(4, true), true);
      format.setUint16(12, 1, true);
      format.setUint16(14, 8, true);
      return written(id, [content]);
    }
    const upper = (_: unknown, place: number): number =>
      ((content[2 * place + 1] ?? 0) + 128) & 255;
    return written(
      id,
      id === "data" ? [Uint8Array.from({ length: content.length / 2 }, upper)] : [content],
    );
  };
  return chunk(dls);
}

function chunksOf(bytes: Bytes): readonly Bytes[] {
  const view = new DataView(bytes.buffer);
  const chunks: Bytes[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at + 4, true);
    chunks.push(bytes.slice(at, end));
    at = end + (end % 2);
  }
  return chunks;
}

function written(id: string, parts: readonly Bytes[]): Bytes {
  const even = parts.flatMap((part) =>
    part.length % 2 === 1 ? [part, new Uint8Array(1)] : [part],
  );
  // The length of a list counts the padding within it, that of a chunk not its own.
  const isList = id === "RIFF" || id === "LIST";
  const all = (isList ? even : parts).reduce((sum, { length }) => sum + length, 0);
  const whole = new Uint8Array(8 + even.reduce((sum, { length }) => sum + length, 0));
  whole.set(new TextEncoder().encode(id));
  new DataView(whole.buffer).setUint32(4, all, true);
  let at = 8;
  for (const part of even) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
