import { connect, Convolver, ToneAudioBuffer, type Context, type Gain } from "tone";
import { gainOf, seconds, unitInterval, type Decibels, type Seconds } from "../time/units.ts";
import type { FrameClock } from "./clock.ts";
import { createFader, stereoGain, type Glide } from "./fader.ts";
import { makeImpulse } from "./impulse.ts";
import { createLimiter } from "./limiter.ts";

/** Voices → bus → dry and reverb → limiter → volume → destination. Stereo all the way. */
export interface Mixer {
  /** Where the voices go in. */
  readonly bus: Gain;
  /** The last node before the destination. */
  readonly output: AudioNode;
  readonly latency: Seconds;
  setRoom(options: Glide & { readonly send: number }): void;
  setVolume(level: Decibels): void;
  dispose(): void;
}

/** Long enough not to click, short enough to feel immediate under a slider. */
const VOLUME_RAMP = seconds(0.02);
const ROOM = { seed: 250, decay: seconds(1.6) };

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
  const bus = stereoGain(tone, 1);
  const send = createFader(tone, clock, 0);
  const reverb = createReverb(tone);
  const sum = stereoGain(tone, 1);
  const limiter = createLimiter(tone);
  const volume = createFader(tone, clock, 1);
  bus.connect(sum);
  bus.chain(send.node, reverb, sum, limiter.input);
  limiter.output.connect(volume.node);
  connect(volume.node, tone.rawContext.destination);

  return {
    bus,
    output: volume.node.output,
    latency: limiter.latency,
    setRoom: (options) => send.rampTo(unitInterval(options.send), options),
    setVolume: (level) =>
      volume.rampTo(unitInterval(gainOf(level)), { at: clock.now(), ramp: VOLUME_RAMP }),
    dispose: () => {
      volume.node.disconnect();
      for (const node of [bus, send.node, reverb, sum, limiter, volume.node]) node.dispose();
    },
  };
}
