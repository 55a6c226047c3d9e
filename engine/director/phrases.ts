import { timeOfBar } from "../time/section.ts";
import { ticksPerBar } from "../time/meter.ts";
import { secondsOf } from "../time/section.ts";
import { seconds, type Seconds, type UnitInterval } from "../time/units.ts";
import type { Cue, PhraseCue, SectionCue } from "./cue.ts";
import { endingOf } from "./hits.ts";
import { layerCues } from "./layers.ts";
import type { DirectorState } from "./state.ts";
import { phraseBars } from "./tempo.ts";
import { HORIZON_BARS, LAYER_RAMP, WRITING_TIME } from "./timing.ts";

/** Cues the phrases of the latest section that begin within the horizon. */
export function cuePhrases(
  state: DirectorState,
  at: Seconds,
  intensity: UnitInterval,
  cues: Cue[],
): DirectorState {
  const section = state.committed ?? state.section;
  if (section === undefined) return state;
  const barLength = secondsOf(ticksPerBar(section.meter), section.tempo);
  const horizon = at + HORIZON_BARS * barLength + WRITING_TIME;
  const found: PhraseCue[] = [];
  for (;;) {
    const cue = phraseCue(state, section, state.phrases + found.length, intensity);
    if (cue === undefined || cue.at > horizon) break;
    found.push(cue);
  }
  if (found.length === 0) return state;
  cues.push(...found);
  const ahead = [...stillAhead(state, found, at), ...found];
  return { ...state, phrases: state.phrases + found.length, ahead };
}

/** Phrases of what sounds that are not over and are not cued anew. */
function stillAhead(
  { ahead, fading, section, committed }: DirectorState,
  found: readonly PhraseCue[],
  at: Seconds,
): readonly PhraseCue[] {
  const sounding = new Set([fading?.section, section, committed].map((each) => each?.index));
  const isFound = (cue: PhraseCue): boolean =>
    found.some(({ section: own, index }) => own === cue.section && index === cue.index);
  return ahead.filter((cue) => cue.until > at && sounding.has(cue.section) && !isFound(cue));
}

/** Undefined where the section is over before the phrase: a bridge is one phrase, a hit point ends another. */
function phraseCue(
  state: DirectorState,
  section: SectionCue,
  index: number,
  intensity: UnitInterval,
): PhraseCue | undefined {
  if (section.bridge !== undefined && index > 0) return undefined;
  const bars = phraseBars(section);
  const at = timeOfBar(section, index * bars);
  const ending = endingOf(state, section);
  if (ending !== undefined && at >= ending.at - 1e-3) return undefined;
  const until = timeOfBar(section, (index + 1) * bars);
  const barsLeft =
    ending === undefined ? bars : Math.ceil((ending.at - at) / ((until - at) / bars) - 1e-3);
  return {
    kind: "phrase",
    section: section.index,
    index,
    at,
    until,
    bars,
    intensity,
    ending:
      ending === undefined || barsLeft > bars
        ? undefined
        : { bars: barsLeft, strength: ending.strength },
  };
}

/** Levels of the latest section: the one before keeps its own while it fades. */
export function cueLayers(
  state: DirectorState,
  at: Seconds,
  intensity: UnitInterval,
  cues: Cue[],
): DirectorState {
  const section = state.committed ?? state.section;
  if (section === undefined) return state;
  const begins = at <= section.entersAt;
  const moved = layerCues(
    section,
    intensity,
    state.layers,
    begins ? section.entersAt : at,
    begins ? seconds(0) : LAYER_RAMP,
  );
  if (moved.length === 0) return state;
  cues.push(...moved);
  const layers = { ...state.layers };
  for (const { stem, gain } of moved) layers[stem] = gain;
  return { ...state, layers };
}
