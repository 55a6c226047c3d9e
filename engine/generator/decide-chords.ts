import { randomAt } from "../music/random.ts";
import { argmax, drawNucleus, softmax } from "./distribution.ts";
import { halfToken, halfTokens } from "./geometry.ts";
import type { Choice, Logits, SamplerState } from "./state.ts";
import { chordBits } from "./state.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

const DRAW_CHORD = 30;
const DRAW_ORDER = 31;

const weights = new Float64Array(T.CHORD_CLASSES);

/**
 * Decides open half bars until a share of them is decided. The logits of a half bar's tokens are
 * averaged: the network answers each token, but a half bar has one chord.
 */
export function decideChords(
  state: SamplerState,
  logits: Logits,
  share: number,
  choice: Choice,
): void {
  const { geometry, chords, openHalves } = state.window;
  const open = [...openHalves.keys()].filter((half) => openHalves[half] === 1);
  const masked = open.filter((half) => chords[halfToken(geometry, half)] === T.CHORD_MASK);
  const wanted = Math.ceil(share * open.length) - (open.length - masked.length);
  if (wanted <= 0) return;
  const drawn = masked
    .map((half) => drawChord(state, logits, half, choice))
    .sort((a, b) => b.order - a.order || a.half - b.half);
  for (const { half, chord } of drawn.slice(0, wanted)) {
    const token = halfToken(geometry, half);
    chords.fill(chord, token, token + halfTokens(geometry));
  }
}

function drawChord(
  state: SamplerState,
  logits: Logits,
  half: number,
  choice: Choice,
): { readonly half: number; readonly chord: number; readonly order: number } {
  const { geometry } = state.window;
  const token = halfToken(geometry, half);
  const tokens = halfTokens(geometry);
  for (let id = 0; id < T.CHORD_CLASSES; id += 1) {
    let sum = 0;
    for (let i = 0; i < tokens; i += 1)
      sum += logits.chords[(token + i) * T.CHORD_CLASSES + id] ?? 0;
    let foreign = chordBits(id) & ~(state.scales[half >> 1] ?? 0);
    let penalty = 0;
    for (; foreign !== 0; foreign &= foreign - 1) penalty += TUNABLES.foreignChordTone;
    weights[id] = sum / tokens - penalty;
  }
  softmax(weights, T.CHORD_CLASSES, TUNABLES.structureTemperature);
  const likeliest = argmax(weights, T.CHORD_CLASSES);
  const sure = Math.log(weights[likeliest] ?? 1);
  if (choice.kind === "likeliest") return { half, chord: likeliest, order: sure };
  const { seed } = state;
  const uniform = randomAt(seed, DRAW_CHORD, choice.pass, half);
  const chord = drawNucleus(weights, T.CHORD_CLASSES, TUNABLES.structureTopP, uniform);
  // Downbeats first: the second half of a bar mostly follows from the first.
  const downbeat = half % 2 === 0 ? TUNABLES.downbeatChordFirst : 0;
  const noise = TUNABLES.orderNoise * randomAt(seed, DRAW_ORDER, choice.pass, half);
  return { half, chord, order: sure + downbeat + noise };
}
