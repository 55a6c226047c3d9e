import { connect, connectSeries, Convolver, ToneAudioBuffer, type Context } from "tone";
import {
  frames,
  gainOf,
  seconds,
  unitInterval,
  type Decibels,
  type Frames,
  type Seconds,
} from "../time/units.ts";
import { createBrightness } from "./brightness.ts";
import { DECLICK, type FrameClock } from "./clock.ts";
import { createDucks, type DuckOptions } from "./ducks.ts";
import { createFader, stereoGain, type Glide } from "./fader.ts";
import { makeImpulse, ROOM } from "./impulse.ts";
import { createLimiter } from "./limiter.ts";
import { asLines, createBus, partLines, type Bus } from "./lines.ts";

export interface ColourOptions extends Glide {
  /** The reverb send, clamped into [0, 1]; at 1 noise is as loud in the room as without it. */
  readonly room: number;
  /** Clamped into [0, 1]: 1 is open, 0 as through a wall (a low-pass at 300 Hz). */
  readonly brightness: number;
  /** 0 dB at most. */
  readonly level: Decibels;
}

/**
 * Voices → duck (but for stingers) → gate → brightness → level → dry and reverb → limiter → volume
 * → destination. What a voice gives to the room goes beside what is heard of it, in channels of its own.
 */
export interface Mixer {
  /** Where a voice of that name goes in. */
  busOf(voice: string): Bus;
  /** The last node before the destination. */
  readonly output: AudioNode;
  readonly latency: Seconds;
  setColour(options: ColourOptions): void;
  duck(name: string, options: DuckOptions): void;
  endDuck(name: string, at: Seconds): void;
  setVolume(level: Decibels): void;
  /** Fades the voices out until `at`, where ducks and colours stand still. The reverb rings on. */
  pause(at: Frames, fade: Seconds): void;
  /** Goes on where it stood still, `by` frames later. */
  resume(at: Frames, by: Frames): void;
  dispose(): void;
}

/** Long enough not to click, short enough to feel immediate under a slider. */
const VOLUME_RAMP = seconds(0.02);
const STINGER = "stinger:";

function createReverb(tone: Context): Convolver {
  const reverb = new Convolver({ context: tone, normalize: false });
  const [left, right] = makeImpulse({ sampleRate: tone.sampleRate, ...ROOM });
  const impulse = tone.createBuffer(2, left.length, tone.sampleRate);
  impulse.copyToChannel(left, 0);
  impulse.copyToChannel(right, 1);
  // Set last: a buffer given to the constructor would be normalised by the browser's own rule.
  reverb.buffer = new ToneAudioBuffer(impulse);
  return reverb;
}

export function createMixer(tone: Context, clock: FrameClock): Mixer {
  const ducked = createFader(tone, clock, 1);
  const ducks = createDucks(ducked, clock);
  const gate = createFader(tone, clock, 1);
  const brightness = createBrightness(tone, clock);
  const loudness = createFader(tone, clock, 1);
  const send = createFader(tone, clock, 0);
  const reverb = createReverb(tone);
  const sum = stereoGain(tone, 1);
  const limiter = createLimiter(tone);
  const volume = createFader(tone, clock, 1);
  for (const { node } of [ducked, gate, brightness, loudness]) asLines(node);
  const buses = {
    music: createBus(tone, ducked.node),
    stingers: createBus(tone, gate.node),
  };
  ducked.node.connect(gate.node);
  connectSeries(gate.node, brightness.node, loudness.node);
  const parted = partLines(tone, loudness.node, { dry: sum, room: send.node });
  connectSeries(send.node, reverb, sum, limiter.input);
  connect(limiter.output, volume.node);
  volume.node.connect(tone.rawContext.destination);
  /** What is planned in the time of the music, and so waits with it. */
  const planned = [ducked, brightness, loudness, send];

  return {
    busOf: (voice) => (voice.startsWith(STINGER) ? buses.stingers : buses.music),
    output: volume.node,
    latency: limiter.latency,

    setColour(options) {
      if (!Number.isNaN(options.room)) send.rampTo(unitInterval(options.room), options);
      if (!Number.isNaN(options.brightness)) {
        brightness.rampTo(unitInterval(options.brightness), options);
      }
      if (!Number.isNaN(options.level))
        loudness.rampTo(unitInterval(gainOf(options.level)), options);
    },

    duck: (name, options) => ducks.begin(name, options),
    endDuck: (name, at) => ducks.end(name, at),

    setVolume: (level) =>
      volume.rampTo(unitInterval(gainOf(level)), { at: clock.now(), ramp: VOLUME_RAMP }),

    pause(at, fade) {
      const from = clock.sourceTime(frames(at - clock.framesOf(fade)));
      gate.rampTo(0, { at: from, ramp: fade });
      ducks.pause(at);
      for (const automation of planned) automation.hold(at);
    },

    resume(at, by) {
      gate.rampTo(1, { at: clock.sourceTime(at), ramp: DECLICK });
      ducks.resume(by);
      for (const automation of planned) automation.release(by);
    },

    dispose: () => {
      for (const { node } of [volume, ducked, gate, loudness, send]) node.disconnect();
      sum.disconnect();
      const { music, stingers } = buses;
      for (const each of [brightness.node, parted, music, stingers, reverb, limiter]) {
        each.dispose();
      }
    },
  };
}
