import { barAt, cellAt, gridSlot } from "./geometry.ts";
import type { Logits, SamplerState } from "./state.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

const CYMBALS = T.DRUM_LANES[1];
const WIDTH = T.classesOf(CYMBALS);
/** Hits of each hat and cymbal that are decided, by bar and id. */
const heard = new Uint16Array(T.WINDOW_BARS * WIDTH);

/** Counts which hats and cymbals are in use so far. To be called before `drumLogit`, once for each pass. */
export function listenToCymbals({ window: { geometry, cells } }: SamplerState): void {
  heard.fill(0);
  for (let slot = 0; slot < geometry.length; slot += 1) {
    const id = cells[cellAt(geometry, slot, CYMBALS)] ?? T.NO_HIT;
    if (id === T.NO_HIT || id >= T.classesOf(CYMBALS)) continue;
    const index = barAt(geometry, slot) * WIDTH + id;
    heard[index] = (heard[index] ?? 0) + 1;
  }
}

/**
 * The logit of a drum id, raised where the bar before or after has the same at the same place, and
 * where a cymbal is in use around: a groove repeats itself and keeps its cymbal, which cells that are
 * drawn side by side cannot know.
 */
export function drumLogit(
  state: SamplerState,
  logits: Logits,
  slot: number,
  lane: number,
  id: number,
): number {
  const { geometry, cells } = state.window;
  const own = logits.cells[gridSlot(geometry, slot) * T.SLOT_LOGITS + T.offsetOf(lane) + id] ?? 0;
  let echoes = 0;
  for (const at of [slot - geometry.slots, slot + geometry.slots]) {
    if (at >= 0 && at < geometry.length && cells[cellAt(geometry, at, lane)] === id) echoes += 1;
  }
  // Kick and snare are no rivals: a habit would let one drive the other out.
  if (id === T.NO_HIT || lane !== CYMBALS) return own + TUNABLES.drumEcho * echoes;
  const bar = barAt(geometry, slot);
  let familiar = 0;
  for (let near = Math.max(0, bar - 1); near <= Math.min(geometry.bars - 1, bar + 1); near += 1) {
    familiar += heard[near * WIDTH + id] ?? 0;
  }
  return own + TUNABLES.drumEcho * echoes + TUNABLES.cymbalHabit * Math.log1p(familiar);
}
