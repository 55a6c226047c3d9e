import { distance } from "../game/map.ts";
import type { GameState } from "../game/state.ts";
import { clamp, createRandom } from "../maths.ts";
import { placeIndexAt } from "../game/map.ts";

/** Steps, and the whisper of the Hush from where it is. Made of noise: no file is loaded. */
export interface Effects {
  /** Once a frame; `speed` in metres a second. */
  update(dt: number, state: GameState, speed: number): void;
  /** Level in decibels; -60 is silence. */
  setLevel(decibels: number): void;
  setMono(mono: boolean): void;
}

/** Metres between two steps. */
const STRIDE = 1.15;
/** What the ground of each place lets through, in hertz: grass, leaves, stone, rock, gravel. */
const GROUNDS = [900, 620, 1800, 1300, 2100] as const;
const SMOOTH = 0.08;

export function createEffects(context: AudioContext): Effects {
  const noise = makeNoise(context);
  const out = new GainNode(context, { gain: 0.5 });
  out.connect(context.destination);
  const whisper = createWhisper(context, noise, out);
  const way = { walked: 0 };

  const stepOn = (place: number): void => {
    const source = new AudioBufferSourceNode(context, { buffer: noise });
    const frequency = (GROUNDS[place] ?? 900) * (0.85 + 0.3 * Math.random());
    const filter = new BiquadFilterNode(context, { type: "bandpass", frequency, Q: 0.9 });
    const gain = new GainNode(context, { gain: 0 });
    const now = context.currentTime;
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(0.16, now + 0.012);
    gain.gain.exponentialRampToValueAtTime(0.001, now + 0.13);
    source.connect(filter).connect(gain).connect(out);
    source.start(now, Math.random(), 0.15);
  };

  return {
    update: (dt, state, speed) => {
      if (context.state !== "running") return;
      whisper(state);
      way.walked = speed < 0.5 ? 0 : way.walked + speed * dt;
      if (way.walked < STRIDE) return;
      way.walked -= STRIDE;
      stepOn(placeIndexAt(state.at.x));
    },
    setLevel: (decibels) => {
      const gain = decibels <= -60 ? 0 : 0.5 * 10 ** (decibels / 20);
      out.gain.setTargetAtTime(gain, context.currentTime, SMOOTH);
    },
    setMono: (mono) => {
      out.channelCountMode = "explicit";
      out.channelCount = mono ? 1 : 2;
    },
  };
}

function createWhisper(
  context: AudioContext,
  buffer: AudioBuffer,
  out: AudioNode,
): (state: GameState) => void {
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  const filter = new BiquadFilterNode(context, { type: "bandpass", frequency: 420, Q: 2.5 });
  const pan = new StereoPannerNode(context);
  const gain = new GainNode(context, { gain: 0 });
  source.connect(filter).connect(pan).connect(gain).connect(out);
  source.start();
  return ({ hush, at }) => {
    const near = hush.presence * clamp(1 - distance(hush, at) / 14, 0, 1);
    const now = context.currentTime;
    gain.gain.setTargetAtTime(near * near * 0.5, now, SMOOTH);
    pan.pan.setTargetAtTime(clamp((hush.x - at.x) / 6, -1, 1), now, SMOOTH);
    filter.frequency.setTargetAtTime(300 + 500 * near, now, SMOOTH);
  };
}

function makeNoise(context: AudioContext): AudioBuffer {
  const { sampleRate } = context;
  const buffer = new AudioBuffer({ length: sampleRate * 2, sampleRate });
  const random = createRandom(1);
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < samples.length; i += 1) samples[i] = random() * 2 - 1;
  return buffer;
}
