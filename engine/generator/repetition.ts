import { randomAt } from "../music/random.ts";
import type { Stem } from "../music/stem.ts";
import { STEMS } from "../music/stem.ts";
import type { EncodedWindow } from "./encode.ts";
import { isFill } from "./fill.ts";
import { barAt, cellAt, halfToken } from "./geometry.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

const DRAW_PLAN = 40;
/** Bars back that a bar may follow. */
const LAGS = [1, 2, 4, 8] as const;

/** Which earlier bar each bar follows, by `stem × 16 + bar`. Bars that follow none have lag 0. */
export interface Repetition {
  readonly lag: Uint8Array;
  /** 1 where the bar copies its source, 0 where it takes the rhythm and the outline. */
  readonly same: Uint8Array;
  /** Bars to be written that come first: 0 for a bar whose source is given or that has none. */
  readonly depth: Uint8Array;
  /** The greatest depth of each stem. */
  readonly deepest: Uint8Array;
  /** 1 where another bar follows this one. */
  readonly followed: Uint8Array;
}

/**
 * Decides, once for each window, which bars repeat: a motif comes back because the form says so, which
 * cells that are drawn side by side cannot know. Melody and counter return two bars at a time, at lags
 * 2 and 4 only inside their phrase: a a, a b a c. Bars of which something is kept, cadences of the
 * melody and fills follow none, and none follows a fill.
 */
export function planRepetition(
  window: EncodedWindow,
  cadences: Float64Array,
  seed: number,
): Repetition {
  const size = STEMS.length * T.WINDOW_BARS;
  const lag = new Uint8Array(size);
  const same = new Uint8Array(size);
  const depth = new Uint8Array(size);
  const deepest = new Uint8Array(STEMS.length);
  const followed = new Uint8Array(size);
  for (const [index, stem] of STEMS.entries()) {
    for (let bar = 1; bar < window.geometry.bars; bar += 1) {
      const cadence = stem === "melody" && (cadences[bar] ?? 0) >= 1;
      const fill = stem === "drums" && isFill(window, bar);
      if (cadence || fill || !isWhollyOpen(window, stem, bar)) continue;
      const copied = findLag(window, stem, bar, seed, "same");
      const back = copied > 0 ? copied : findLag(window, stem, bar, seed, "rhythm");
      if (back === 0) continue;
      const at = index * T.WINDOW_BARS + bar;
      lag[at] = back;
      same[at] = copied > 0 ? 1 : 0;
      followed[at - back] = 1;
      depth[at] = isGiven(window, stem, bar - back) ? 0 : (depth[at - back] ?? 0) + 1;
      deepest[index] = Math.max(deepest[index] ?? 0, depth[at] ?? 0);
    }
  }
  return { lag, same, depth, deepest, followed };
}

/** The lag at which a bar follows another in one way, or 0. */
function findLag(
  window: EncodedWindow,
  stem: Stem,
  bar: number,
  seed: number,
  way: "same" | "rhythm",
): number {
  const chances = TUNABLES.repetition[isGame(window, bar) ? "games" : "scores"][stem][way];
  for (const [step, back] of LAGS.entries()) {
    const source = bar - back;
    if (source < 0 || !hasPlace(window, stem, bar, back) || !sounds(window, stem, source)) continue;
    if (stem === "drums" && isFill(window, source)) continue;
    if (way === "same" && !mayCopy(window, stem, bar, source)) continue;
    const pair = drawnWith(window, stem, bar, back);
    const uniform = randomAt(seed, DRAW_PLAN, STEMS.indexOf(stem), pair, step);
    if (uniform < (chances[step] ?? 0)) return back;
  }
  return 0;
}

function isGame({ plans }: EncodedWindow, bar: number): boolean {
  const style = plans[bar]?.style;
  return style !== undefined && TUNABLES.gameStyles.includes(style);
}

const isLine = (stem: Stem): boolean => stem === "melody" || stem === "counter";

/** A line follows the half of its own phrase, at the same place of the half: lag 2 in bars 3 and 4 … */
function hasPlace({ plans }: EncodedWindow, stem: Stem, bar: number, back: number): boolean {
  if (!isLine(stem) || (back !== 2 && back !== 4)) return true;
  return (plans[bar]?.positionInPhrase ?? 0) % (2 * back) >= back;
}

/** The bar whose random number serves this one: lines return in pairs of bars. */
function drawnWith({ plans }: EncodedWindow, stem: Stem, bar: number, back: number): number {
  return isLine(stem) && back > 1 ? bar - ((plans[bar]?.positionInPhrase ?? 0) % 2) : bar;
}

const firstCell = ({ geometry }: EncodedWindow, stem: Stem, bar: number, place: number): number =>
  cellAt(geometry, bar * geometry.slots + place, T.STEM_LANES[stem][0] ?? 0);

function isWhollyOpen(window: EncodedWindow, stem: Stem, bar: number): boolean {
  for (let place = 0; place < window.geometry.slots; place += 1) {
    if (window.open[firstCell(window, stem, bar, place)] !== 1) return false;
  }
  return true;
}

function isGiven(window: EncodedWindow, stem: Stem, bar: number): boolean {
  for (let place = 0; place < window.geometry.slots; place += 1) {
    if (window.open[firstCell(window, stem, bar, place)] === 1) return false;
  }
  return true;
}

/** True where a bar has a note, or may get one. */
function sounds({ geometry, cells }: EncodedWindow, stem: Stem, bar: number): boolean {
  const first = stem === "drums" ? T.NO_HIT + 1 : T.ONSET;
  for (let slot = bar * geometry.slots; slot < (bar + 1) * geometry.slots; slot += 1) {
    for (const lane of T.STEM_LANES[stem]) {
      const id = cells[cellAt(geometry, slot, lane)] ?? 0;
      if (lane !== T.OCTAVE && id >= first && id <= T.maskId(lane)) return true;
    }
  }
  return false;
}

/** Drums can be copied over any chord, a bass over one of the same root, others where the chords are alike; open chords may become so. */
function mayCopy(window: EncodedWindow, stem: Stem, bar: number, source: number): boolean {
  if (stem === "drums") return true;
  const chordIn = (half: number): number =>
    window.chords[halfToken(window.geometry, half)] ?? T.NO_CHORD;
  const alike = (own: number, other: number): boolean =>
    stem === "bass" ? T.chordOf(own)?.root === T.chordOf(other)?.root : own === other;
  return [0, 1].every((half) => {
    const [own, other] = [chordIn(2 * bar + half), chordIn(2 * source + half)];
    return alike(own, other) || own === T.CHORD_MASK || other === T.CHORD_MASK;
  });
}

/** Index of the stem that a lane belongs to. */
export const stemIndexOf = (lane: number): number =>
  STEMS.findIndex((stem) => T.STEM_LANES[stem].includes(lane));

/** The slot that a slot of a lane follows, where that is decided already; otherwise -1. */
export function decidedSource(
  { geometry, cells }: EncodedWindow,
  { lag }: Repetition,
  lane: number,
  slot: number,
): number {
  const back = lag[stemIndexOf(lane) * T.WINDOW_BARS + barAt(geometry, slot)] ?? 0;
  const source = slot - back * geometry.slots;
  return back > 0 && (cells[cellAt(geometry, source, lane)] ?? 0) < T.classesOf(lane) ? source : -1;
}

/** True where a bar copies its source, false where it takes the rhythm and the outline. */
export const copies = (
  { geometry }: EncodedWindow,
  { same }: Repetition,
  lane: number,
  slot: number,
): boolean => same[stemIndexOf(lane) * T.WINDOW_BARS + barAt(geometry, slot)] === 1;
