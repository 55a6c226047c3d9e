import { milliseconds, unitInterval, type Milliseconds, type UnitInterval } from "../time/units.ts";

/** What is remembered of the game's frames; times in milliseconds. */
export interface Frames {
  /** What a frame takes when nothing disturbs it; 0 before the first. */
  readonly typical: number;
  /** Time by which slow frames were longer than that, and time in all: both fade within seconds. */
  readonly lost: number;
  readonly total: number;
}

export const NO_FRAMES: Frames = { typical: 0, lost: 0, total: 0 };

/** The past fades to 37 % within so many milliseconds. */
const MEMORY = 2000;
/** A frame is slow that takes so many times as long as a typical one. */
const SLOW = 1.5;
/** One stall says no more than this, and a longer one than `PAUSE` nothing: a level was loaded, or the page was away. */
const LONGEST = 250;
const PAUSE = 1000;
/**
 * What is typical follows shorter frames at once and longer ones slowly: a game that has become slower for
 * good, by whatever cause, is no longer held against the music after about ten seconds.
 */
const SHORTER = 0.05;
const LONGER = 0.002;

/** Takes in a frame, in milliseconds. What is no positive number, or longer than a second, is left out. */
export function addFrame(frames: Frames, time: number): Frames {
  if (!(time > 0) || time > PAUSE) return frames;
  const taken = Math.min(time, LONGEST);
  const typical = frames.typical === 0 ? taken : frames.typical;
  const left = Math.exp(-taken / MEMORY);
  const lost = taken > SLOW * typical ? taken - typical : 0;
  const drift = Math.min(taken, 2 * typical) - typical;
  return {
    typical: typical + drift * (drift < 0 ? SHORTER : LONGER),
    lost: frames.lost * left + lost,
    total: frames.total * left + taken,
  };
}

/** The share of the last seconds that was lost in slow frames, 0–1; 0 while too little is known. */
export const strainOf = ({ lost, total }: Frames): UnitInterval =>
  unitInterval(total < MEMORY / 4 ? 0 : lost / total);

export const typicalFrame = ({ typical }: Frames): Milliseconds => milliseconds(typical);
