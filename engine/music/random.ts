/**
 * The engine's only source of chance: counter-based, so that a value depends on its key alone and
 * never on how many were drawn before. Same key, same value, on every machine.
 */

/** One 32-bit mixing step (the finaliser of MurmurHash3, Austin Appleby, public domain). */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Hashes text to 32 bits (FNV-1a). */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** A uniform number in [0, 1) for a seed and a key of purposes, bars, slots, … */
export function randomAt(seed: number, ...key: readonly (number | string)[]): number {
  let h = mix(seed ^ 0x9e3779b9);
  for (const part of key) {
    const word = typeof part === "number" ? part | 0 : hashText(part);
    h = mix((h ^ word) + 0x9e3779b9);
  }
  return h / 2 ** 32;
}

/** One element, chosen uniformly. Throws `RangeError` on an empty list. */
export function pickAt<Item>(
  items: readonly Item[],
  seed: number,
  ...key: readonly (number | string)[]
): Item {
  const item = items[Math.floor(randomAt(seed, ...key) * items.length)];
  if (item === undefined) throw new RangeError("cannot pick from an empty list");
  return item;
}
