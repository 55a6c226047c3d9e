/** What the pages of an Ogg stream are made of (RFC 3533). */
export interface OggPages {
  /**
   * A page with these packets, each whole. `granule` is the position of its last packet's end, 0 for headers.
   * Throws `RangeError` where they are too long for a page.
   */
  page(
    packets: readonly Uint8Array[],
    granule: number,
    place: "first" | "middle" | "last",
  ): Uint8Array;
}

const HEADER = 27;
const FLAGS = { first: 2, middle: 0, last: 4 } as const;
/** Packets are told in segments of at most so many bytes, of which a page has as many at most. */
const SEGMENT = 255;

/** Begins a stream; files with one stream need no serial number of their own. */
export function createOggPages(serial = 1): OggPages {
  let sequence = 0;
  return {
    page(packets, granule, place) {
      const lengths = packets.flatMap(({ length }) => [
        ...Array.from({ length: Math.floor(length / SEGMENT) }, () => SEGMENT),
        length % SEGMENT,
      ]);
      if (lengths.length > SEGMENT) throw new RangeError("these packets do not fit on a page");
      const body = Buffer.concat(packets);
      const page = Buffer.alloc(HEADER + lengths.length + body.length);
      page.write("OggS", 0, "latin1");
      page.writeUInt8(FLAGS[place], 5);
      page.writeBigUInt64LE(BigInt(granule), 6);
      page.writeUInt32LE(serial, 14);
      page.writeUInt32LE(sequence, 18);
      page.writeUInt8(lengths.length, 26);
      page.set(lengths, HEADER);
      page.set(body, HEADER + lengths.length);
      page.writeUInt32LE(checksum(page), 22);
      sequence += 1;
      return page;
    },
  };
}

/** CRC-32 with the polynomial 04C11DB7, the highest bit first, from 0. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum << 8) ^ (CHECKSUMS[((sum >>> 24) & 0xff) ^ byte] ?? 0);
  return sum >>> 0;
}

const CHECKSUMS: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  return sum;
});
