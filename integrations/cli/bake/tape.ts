import { detuneOf, openDetune } from "../../../engine/audio/brightness-curve.ts";
import { DECLICK } from "../../../engine/audio/clock.ts";
import { createDucks } from "../../../engine/audio/ducks.ts";
import type { Playing } from "../../../engine/conductor/parts.ts";
import { STEMS, type Stem } from "../../../engine/music/stem.ts";
import {
  frames,
  gainOf,
  seconds,
  unitInterval,
  type Frames,
  type Seconds,
} from "../../../engine/time/units.ts";
import { createColour, type Colour } from "./colour.ts";
import { createOfflineAutomation } from "./offline-automation.ts";
import { createTapeClock } from "./tape-clock.ts";
import {
  addPiece,
  addVoice,
  createTapeVoice,
  forgetPieces,
  type Lines,
  type Pcm,
  type TapeVoice,
} from "./tape-voice.ts";

/** A stem as it leaves the mixer, or all stingers together. */
export type Bus = Stem | "stingers";

export const BUSES: readonly Bus[] = [...STEMS, "stingers"];

const STINGER = "stinger:";

/**
 * The player without a device: it takes what the conductor plays and gives it out bus by bus, through the
 * same fades, levels, ducks, filters and room as the player's mixer, as fast as it is read.
 */
export interface Tape extends Playing {
  /**
   * What each bus sounds like in the `count` frames that follow what was read last; a bus that nobody has
   * played on yet is missing. Nothing that is asked for later can change them.
   */
  read(count: number): ReadonlyMap<Bus, Pcm>;
  /** Frames read so far. */
  readonly position: Frames;
  /** What is asked to fade out from then on plays on to its own end. */
  holdFrom(time: Seconds): void;
}

const busOf = (voice: string): Bus => {
  const stem = STEMS.find((name) => voice.endsWith(`:${name}`)) ?? "melody";
  return voice.startsWith(STINGER) ? "stingers" : stem;
};

const silentPcm = (count: number): Pcm => ({
  left: new Float32Array(count),
  right: new Float32Array(count),
});
const silentLines = (count: number): Lines => ({ ...silentPcm(count), room: silentPcm(count) });

export function createTape(sampleRate: number): Tape {
  const clock = createTapeClock(sampleRate);
  const voices = new Map<string, TapeVoice>();
  const ducked = createOfflineAutomation(clock, 1);
  const ducks = createDucks(ducked, clock);
  const place = {
    detune: createOfflineAutomation(clock, openDetune(sampleRate)),
    level: createOfflineAutomation(clock, 1),
    room: createOfflineAutomation(clock, 0),
  };
  const colours = new Map<Bus, Colour>();
  let heldFrom = Infinity;
  const shortest = (fade: Seconds): Seconds => seconds(Math.max(fade, DECLICK));

  const colourOf = (bus: Bus): Colour => {
    const colour = colours.get(bus) ?? createColour(sampleRate);
    colours.set(bus, colour);
    return colour;
  };

  return {
    sampleRate,
    get position() {
      return clock.firstOpenFrame();
    },

    open(name, { at, fade, level, room, pan = 0 }) {
      const voice = createTapeVoice(clock, {
        level: unitInterval(level),
        room: unitInterval(room),
        pan,
      });
      voice.fade.rampTo(1, { at, ramp: fade, shape: "equal-power" });
      voices.set(name, voice);
    },

    play(name, pcm, at) {
      const voice = voices.get(name);
      const start = clock.frameAt(at);
      if (voice === undefined || start >= (voice.silentFrom ?? Infinity)) return "closed";
      addPiece(voice, pcm, start);
      return "scheduled";
    },

    close(name, { at, fade }) {
      const voice = voices.get(name);
      if (voice === undefined || at >= heldFrom) return;
      const ramp = shortest(fade);
      const silentFrom = frames(clock.openFrame(at) + clock.framesOf(ramp));
      if (silentFrom >= (voice.silentFrom ?? Infinity)) return;
      voice.silentFrom = silentFrom;
      voice.fade.rampTo(0, { at, ramp, shape: "equal-power" });
      voice.pieces = voice.pieces.filter(({ start }) => start < silentFrom);
    },

    reopen(name, { at, fade }) {
      const voice = voices.get(name);
      if (voice === undefined) return false;
      if (voice.silentFrom === undefined) return true;
      if (clock.openFrame(at) >= voice.silentFrom) return false;
      voice.silentFrom = undefined;
      voice.fade.rampTo(1, { at, ramp: shortest(fade), shape: "equal-power" });
      return true;
    },

    setLevel: (name, gain, options) =>
      voices.get(name)?.level.rampTo(unitInterval(gain), { at: options.at, ramp: options.ramp }),

    dip: (name, dips) => voices.get(name)?.pump.add(dips),
    setDipDepth: (name, share, at) => voices.get(name)?.pump.setDepth(share, at),

    setColour({ room, brightness, level, at, ramp }) {
      place.room.rampTo(unitInterval(room), { at, ramp });
      place.detune.rampTo(detuneOf(unitInterval(brightness), sampleRate), { at, ramp });
      place.level.rampTo(unitInterval(gainOf(level)), { at, ramp });
    },

    duck: (name, options) => ducks.begin(name, options),
    endDuck: (name, at) => ducks.end(name, at),
    holdFrom(time) {
      heldFrom = time;
    },

    read(count) {
      const from = clock.firstOpenFrame();
      const sums = new Map<Bus, Lines>();
      for (const [name, voice] of voices) {
        const bus = busOf(name);
        const sum = sums.get(bus) ?? silentLines(count);
        sums.set(bus, sum);
        addVoice(voice, from, sum, sampleRate);
      }
      for (const bus of colours.keys()) if (!sums.has(bus)) sums.set(bus, silentLines(count));
      const under = { ...place, duck: ducked };
      const heard = new Map<Bus, Pcm>();
      for (const bus of BUSES) {
        const lines = sums.get(bus);
        if (lines === undefined) continue;
        colourOf(bus).apply(lines, from, under, bus !== "stingers");
        heard.set(bus, lines);
      }
      clock.moveTo(frames(from + count));
      const now = clock.firstOpenFrame();
      for (const automation of [ducked, ...Object.values(place)]) automation.forget(now);
      for (const [name, voice] of voices) {
        forgetPieces(voice, now);
        if ((voice.silentFrom ?? Infinity) <= now) voices.delete(name);
      }
      return heard;
    },
  };
}
