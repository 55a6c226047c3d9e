import { Application, createEncoder, Signal } from "libopus-wasm";
import type { GrowingFile } from "./growing-file.ts";
import { createOggPages } from "./ogg-pages.ts";
import type { Around, SoundFile } from "./sound-file.ts";
import type { Pcm } from "./tape-voice.ts";

/** The one rate of Ogg Opus, hertz. */
export const OPUS_RATE = 48_000;
/** Frames of a packet: 20 ms. */
const PACKET = 960;
/** Frames that a decoder hears before the music: RFC 7845 asks for 80 ms. */
const PRE_ROLL = 3840;
/** Packets on a page, 0.8 s: they fit, as a packet has at most 1275 bytes. */
const PER_PAGE = 40;
/** What the encoder may look ahead, and the rest of a packet. */
const POST_ROLL = 2 * PACKET;

/**
 * Begins an Ogg Opus file (RFC 6716, RFC 7845) of stereo at 48 kHz. Its header tells decoders what to leave away
 * at both ends: the frames that come out are as many as went in, from the first to the last. With `around`, what
 * lies there is encoded too and left away by decoders, so that a loop has no seam. Rejects as the file does.
 */
export async function createOpusFile(
  file: GrowingFile,
  { kilobits, around }: { readonly kilobits: number; readonly around?: Around | undefined },
): Promise<SoundFile> {
  const encoder = await createEncoder({
    channels: 2,
    sampleRate: OPUS_RATE,
    application: Application.Audio,
    signal: Signal.Music,
    bitrate: kilobits * 1000,
    vbr: true,
    frameSize: PACKET,
  });
  const pages = createOggPages();
  const preSkip = PRE_ROLL + encoder.getLookahead();
  await file.append(pages.page([headOf(preSkip)], 0, "first"));
  await file.append(pages.page([TAGS], 0, "middle"));

  const packet = new Float32Array(2 * PACKET);
  let filled = 0;
  let packets: readonly Uint8Array[] = [];
  let encoded = 0;
  let written = 0;

  const flush = async (granule: number, place: "middle" | "last"): Promise<void> => {
    await file.append(pages.page(packets, granule, place));
    packets = [];
  };
  const add = async ({ left, right }: Pcm, most = Infinity): Promise<void> => {
    const count = Math.min(left.length, most);
    for (let frame = 0; frame < count; frame += 1) {
      packet[2 * filled] = clamped(left[frame] ?? 0);
      packet[2 * filled + 1] = clamped(right[frame] ?? 0);
      filled += 1;
      if (filled < PACKET) continue;
      filled = 0;
      // The last page is written at the end, when it is known how much of it counts.
      if (packets.length === PER_PAGE) await flush(encoded * PACKET, "middle");
      packets = [...packets, encoder.encodeFloat(packet)];
      encoded += 1;
    }
  };

  await add(padded(around?.before, PRE_ROLL, "before"));
  return {
    async write(pcm) {
      await add(pcm);
      written += pcm.left.length;
    },
    async end() {
      const end = preSkip + written;
      const missing = Math.ceil(end / PACKET) * PACKET - PRE_ROLL - written;
      await add(padded(around?.after, POST_ROLL, "after"), missing);
      await flush(end, "last");
      await file.close();
      encoder.free();
    },
  };
}

const clamped = (sample: number): number => Math.max(-1, Math.min(1, sample));

/** So many frames of what lies there, and silence beyond it. */
function padded(pcm: Pcm | undefined, length: number, side: keyof Around): Pcm {
  const pad = (samples: Float32Array | undefined): Float32Array<ArrayBuffer> => {
    const all = new Float32Array(length);
    if (samples === undefined) return all;
    const kept =
      side === "before"
        ? samples.subarray(Math.max(0, samples.length - length))
        : samples.subarray(0, length);
    all.set(kept, side === "before" ? length - kept.length : 0);
    return all;
  };
  return { left: pad(pcm?.left), right: pad(pcm?.right) };
}

/** RFC 7845, section 5.1: version 1, two channels, no gain, channel mapping 0. */
function headOf(preSkip: number): Uint8Array {
  const head = Buffer.alloc(19);
  head.write("OpusHead", 0, "latin1");
  head.writeUInt8(1, 8);
  head.writeUInt8(2, 9);
  head.writeUInt16LE(preSkip, 10);
  head.writeUInt32LE(OPUS_RATE, 12);
  return head;
}

const VENDOR = "Attacca, libopus 1.6.1";
const TAGS: Uint8Array = tagsOf();

/** RFC 7845, section 5.2: a vendor and no comments. */
function tagsOf(): Uint8Array {
  const tags = Buffer.alloc(8 + 4 + VENDOR.length + 4);
  tags.write("OpusTags", 0, "latin1");
  tags.writeUInt32LE(VENDOR.length, 8);
  tags.write(VENDOR, 12, "latin1");
  return tags;
}
