import { connect, Convolver, Gain, ToneAudioBuffer, type Context } from "tone";
import { perStem, STEMS, type PerStem, type Stem } from "../music/stem.ts";
import {
  frames,
  gainOf,
  seconds,
  unitInterval,
  type Decibels,
  type Seconds,
} from "../time/units.ts";
import type { FrameClock } from "./clock.ts";
import { forgetBefore, steady, withRamp, writeEnvelope } from "./envelope.ts";
import { makeImpulse } from "./impulse.ts";
import { createLimiter } from "./limiter.ts";

/** Stems → bus → dry and reverb → limiter → volume → destination. Stereo all the way. */
export interface Mixer {
  /** Where the voices of a stem go in. */
  readonly stems: PerStem<Gain>;
  /** The last node before the destination. */
  readonly output: AudioNode;
  readonly latency: Seconds;
  setLayer(stem: Stem, gain: number, options: Glide): void;
  setRoom(options: Glide & { readonly send: number }): void;
  setVolume(level: Decibels): void;
  dispose(): void;
}

export interface Glide {
  /** Context time; a time that has gone means now. */
  readonly at: Seconds;
  /** 0 is at once, with a click where there is sound. */
  readonly ramp: Seconds;
}

/** Long enough not to click, short enough to feel immediate under a slider. */
const VOLUME_RAMP = seconds(0.02);
const ROOM = { seed: 250, decay: seconds(1.6) };

/** A gain whose future can be rewritten at any point without a jump. */
function createFader(tone: Context, clock: FrameClock, initial: number) {
  const node = stereoGain(tone, initial);
  let envelope = steady(initial);
  const rampTo = (to: number, { at, ramp }: Glide): void => {
    const from = frames(Math.max(clock.frameAt(at), clock.firstOpenFrame()));
    envelope = withRamp(envelope, { to, from, over: clock.framesOf(ramp) });
    writeEnvelope(node.gain, envelope, { from, clock });
    envelope = forgetBefore(envelope, clock.frameAt(clock.now()));
  };
  return { node, rampTo };
}

/** A gain that stays stereo, whatever is connected: a change of channel count would click. */
export function stereoGain(tone: Context, gain: number): Gain {
  const node = new Gain({ context: tone, gain });
  node.channelCount = 2;
  node.channelCountMode = "explicit";
  return node;
}

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
  const layers = perStem(() => createFader(tone, clock, 1));
  const bus = stereoGain(tone, 1);
  const send = createFader(tone, clock, 0);
  const reverb = createReverb(tone);
  const sum = stereoGain(tone, 1);
  const limiter = createLimiter(tone);
  const volume = createFader(tone, clock, 1);
  for (const stem of STEMS) layers[stem].node.connect(bus);
  bus.connect(sum);
  bus.chain(send.node, reverb, sum, limiter.input);
  limiter.output.connect(volume.node);
  connect(volume.node, tone.rawContext.destination);

  return {
    stems: perStem((stem) => layers[stem].node),
    output: volume.node.output,
    latency: limiter.latency,
    setLayer: (stem, gain, options) => layers[stem].rampTo(unitInterval(gain), options),
    setRoom: (options) => send.rampTo(unitInterval(options.send), options),
    setVolume: (level) =>
      volume.rampTo(unitInterval(gainOf(level)), { at: clock.now(), ramp: VOLUME_RAMP }),
    dispose: () => {
      volume.node.disconnect();
      for (const stem of STEMS) layers[stem].node.dispose();
      for (const node of [bus, send.node, reverb, sum, limiter, volume.node]) node.dispose();
    },
  };
}
