import { placesOfKit, STANDARD_KIT } from "../drum-keys.ts";
import { approach, sine } from "./arithmetic.ts";
import { createFilter, type Filter } from "./filter.ts";
import { BLOCK_FRAMES, type Instrument } from "./instrument.ts";
import type { Drum, Kit } from "./kits.ts";

/** Drums that ring at once; the softest goes when another is struck. */
const POLYPHONY = 12;
/** A part that has come down to it (-100 dB) is over. */
const SILENCE = 1e-5;
/** Seconds between the strokes of a clap, and until a drum that was cut off is 63 % softer. */
const STROKE = 0.011;
const CUT = 0.004;

/** A drum that rings. */
interface Hit {
  drum: Drum;
  left: number;
  right: number;
  /** Levels of its parts, 0 when they are over, and the shares that they lose in each frame. */
  tone: number;
  noise: number;
  toneLoss: number;
  noiseLoss: number;
  hertz: number;
  fall: number;
  phase: number;
  metalPhase: number;
  depth: number;
  frame: number;
  /** Frames of each stroke before the last one, and how many are to come. */
  strokeLength: number;
  strokes: number;
  /** The noise that is held, and how much of its time has gone. */
  held: number;
  heldFor: number;
  readonly filter: Filter;
}

const createHit = (sampleRate: number): Hit => ({
  drum: {},
  left: 0,
  right: 0,
  tone: 0,
  noise: 0,
  toneLoss: 0,
  noiseLoss: 0,
  hertz: 0,
  fall: 0,
  phase: 0,
  metalPhase: 0,
  depth: 0,
  frame: 0,
  strokeLength: 0,
  strokes: 0,
  held: 0,
  heldFor: 0,
  filter: createFilter(sampleRate),
});

/** Opens a drum kit. Deterministic: the same calls give the same samples, on every engine. */
export function openKit(kit: Kit, sampleRate: number): Instrument {
  const hits = Array.from({ length: POLYPHONY }, () => createHit(sampleRate));
  const places = placesOfKit(STANDARD_KIT);
  const cut = approach(CUT, sampleRate);
  const ring = createRing(sampleRate);

  function cutOff(group: number): void {
    for (const hit of hits) {
      if (hit.drum.group !== group) continue;
      hit.toneLoss = cut;
      hit.noiseLoss = cut;
    }
  }

  return {
    noteOn(key, velocity) {
      const drum = kit[key];
      if (drum === undefined) return;
      if (drum.group !== undefined) cutOff(drum.group);
      const softest = hits.reduce((soft, hit) =>
        hit.tone + hit.noise < soft.tone + soft.noise ? hit : soft,
      );
      const place = [...places].find(([placed]) => placed === key)?.[1] ?? 0;
      strike(softest, drum, { touch: velocity / 127, place, sampleRate });
    },
    noteOff: () => undefined,
    process(left, right, frames) {
      for (const hit of hits) if (hit.tone + hit.noise > 0) ring(hit, left, right, frames);
    },
  };
}

interface Stroke {
  /** Velocity, 0–1. */
  readonly touch: number;
  readonly place: number;
  readonly sampleRate: number;
}

/** A harder stroke is louder, falls from higher, and has more and brighter noise. */
function strike(hit: Hit, drum: Drum, { touch, place, sampleRate }: Stroke): void {
  const { tone, noise } = drum;
  const loudness = touch * Math.sqrt(touch);
  hit.drum = drum;
  hit.left = Math.sqrt(1 - place);
  hit.right = Math.sqrt(1 + place);
  hit.tone = loudness * (tone?.level ?? 0);
  hit.noise = loudness * (0.4 + 0.6 * touch) * (noise?.level ?? 0);
  hit.toneLoss = approach(tone?.decay ?? 1, sampleRate);
  hit.noiseLoss = approach(noise?.decay ?? 1, sampleRate);
  hit.hertz = tone === undefined ? 0 : tone.to + (tone.from - tone.to) * (0.4 + 0.6 * touch);
  hit.fall = approach(tone?.fall ?? 1, sampleRate);
  hit.phase = 0;
  hit.metalPhase = 0;
  hit.depth = (tone?.metal?.[1] ?? 0) * (0.4 + 0.6 * touch);
  hit.frame = 0;
  hit.strokes = noise?.strokes ?? 0;
  hit.strokeLength = STROKE * sampleRate;
  hit.held = 0;
  hit.heldFor = 1;
  hit.filter.reset();
  const isLow = noise?.low === true;
  hit.filter.tune((noise?.cutoff ?? 1) * (isLow ? 0.3 + 0.7 * touch : 1.3 - 0.3 * touch), 1.4);
}

type Ring = (hit: Hit, left: Float32Array, right: Float32Array, frames: number) => void;

/** What lets a drum ring for one block. */
function createRing(sampleRate: number): Ring {
  const sum = new Float64Array(BLOCK_FRAMES);
  let seed = 1;

  /** White noise, -1 – 1. Numerical Recipes, 7.1, "an even quicker generator". */
  function fillWithNoise(hit: Hit, pace: number, count: number): void {
    let { held, heldFor } = hit;
    let next = seed;
    for (let i = 0; i < count; i += 1) {
      heldFor += pace;
      if (heldFor >= 1) {
        heldFor = Math.min(heldFor - 1, 1);
        next = (Math.imul(next, 1_664_525) + 1_013_904_223) | 0;
        held = next / 2_147_483_648;
      }
      sum[i] = held;
    }
    seed = next;
    hit.held = held;
    hit.heldFor = heldFor;
  }

  /** Before its last stroke a clap falls to nothing and is struck anew, and its ring waits. */
  function shapeNoise(hit: Hit, count: number): void {
    const { noiseLoss, strokeLength } = hit;
    let { noise, frame, strokes } = hit;
    for (let i = 0; i < count; i += 1) {
      let level = noise;
      if (strokes > 0) {
        const left = 1 - frame / strokeLength;
        level *= left * left;
        frame += 1;
        if (frame >= strokeLength) {
          frame = 0;
          strokes -= 1;
        }
      } else noise -= noise * noiseLoss;
      if (noise < SILENCE) noise = 0;
      sum[i] = (sum[i] ?? 0) * level;
    }
    hit.noise = noise;
    hit.frame = frame;
    hit.strokes = strokes;
  }

  function addTone(hit: Hit, { to, metal }: NonNullable<Drum["tone"]>, count: number): void {
    const ratio = metal?.[0] ?? 0;
    const { fall, toneLoss, depth } = hit;
    let { hertz, phase, metalPhase, tone } = hit;
    for (let i = 0; i < count; i += 1) {
      hertz += (to - hertz) * fall;
      phase += hertz / sampleRate;
      metalPhase += (ratio * hertz) / sampleRate;
      sum[i] = (sum[i] ?? 0) + tone * sine(depth > 0 ? phase + depth * sine(metalPhase) : phase);
      tone -= tone * toneLoss;
      if (tone < SILENCE) tone = 0;
    }
    hit.hertz = hertz;
    hit.phase = phase - Math.floor(phase);
    hit.metalPhase = metalPhase - Math.floor(metalPhase);
    hit.tone = tone;
  }

  return (hit, left, right, frames) => {
    const { tone, noise } = hit.drum;
    sum.fill(0);
    if (noise !== undefined && hit.noise > 0) {
      fillWithNoise(hit, noise.rate === undefined ? 1 : noise.rate / sampleRate, frames);
      hit.filter.run(sum, frames, noise.low === true ? "low" : "high");
      shapeNoise(hit, frames);
    }
    if (tone !== undefined && hit.tone > 0) addTone(hit, tone, frames);
    for (let i = 0; i < frames; i += 1) {
      left[i] = (left[i] ?? 0) + (sum[i] ?? 0) * hit.left;
      right[i] = (right[i] ?? 0) + (sum[i] ?? 0) * hit.right;
    }
  };
}
