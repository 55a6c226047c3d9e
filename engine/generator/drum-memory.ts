import { fillPull, isAnswer, isFill } from "./fill.ts";
import { barAt, cellAt, gridSlot, metricWeight } from "./geometry.ts";
import { decidedSource } from "./repetition.ts";
import type { Logits, SamplerState } from "./state.ts";
import { isCalm } from "./targets.ts";
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
 * The logit of a drum id, raised where the bar that is followed has the same, or the bar before or
 * after, and where a cymbal is in use around: a groove repeats itself and keeps its cymbal, which cells
 * that are drawn side by side cannot know; fills neither echo nor are echoed. In calm styles kicks and
 * toms keep to the beat.
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
  const bar = barAt(geometry, slot);
  let echoes = 0;
  for (const step of [-1, 1]) {
    const at = slot + step * geometry.slots;
    if (at < 0 || at >= geometry.length || cells[cellAt(geometry, at, lane)] !== id) continue;
    if (!isFill(state.window, bar) && !isFill(state.window, bar + step)) echoes += 1;
  }
  const source = decidedSource(state.window, state.repetition, lane, slot);
  const handsOn = source >= 0 && !(lane === CYMBALS && isAnswer(state.window, slot));
  const follows = handsOn && cells[cellAt(geometry, source, lane)] === id;
  const echoed = own + TUNABLES.drumEcho * echoes + (follows ? TUNABLES.copyPull.drums : 0);
  if (id === T.NO_HIT) return echoed;
  const raised = echoed + fillPull(state.window, slot, lane, id);
  // Kick and snare are no rivals: a habit would let one drive the other out.
  if (lane !== CYMBALS) {
    const crowds = metricWeight(geometry, slot) < 2 && isCalm(state, bar);
    return raised - (crowds ? TUNABLES.calmDrums.offbeat : 0);
  }
  let familiar = 0;
  for (let near = Math.max(0, bar - 1); near <= Math.min(geometry.bars - 1, bar + 1); near += 1) {
    familiar += heard[near * WIDTH + id] ?? 0;
  }
  return raised + TUNABLES.cymbalHabit * Math.log1p(familiar);
}
