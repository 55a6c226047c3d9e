import type { Cue, SectionCue } from "../../engine/director/cue.ts";
import { CONTROL_PERIOD } from "../../engine/director/timing.ts";
import type { DirectorState } from "../../engine/director/state.ts";
import type { Length, Score, Transition } from "../../engine/score/score.ts";
import type { Meter } from "../../engine/time/meter.ts";
import type { SyncPoint } from "../../engine/time/sync-point.ts";
import type { Stretch } from "./play-game.ts";

/** What the director promises, reckoned once more without its code. */

/** Half a frame at 48 kHz: what falls so near to a moment falls on its frame. */
export const HALF_FRAME = 0.5 / 48_000;

const METERS: Readonly<Record<Meter, { readonly quarters: number; readonly beats: number }>> = {
  "4/4": { quarters: 4, beats: 4 },
  "3/4": { quarters: 3, beats: 3 },
  "6/8": { quarters: 3, beats: 2 },
  "12/8": { quarters: 4, beats: 4 },
};

export const beatsOf = (meter: Meter): number => METERS[meter].beats;

/** Seconds of a bar; tempo counts quarter notes. */
export const barOf = ({ meter, tempo }: { meter: Meter; tempo: number }): number =>
  (METERS[meter].quarters * 60) / tempo;

/** Seconds of a length in a meter and tempo that stay. */
export function secondsIn(grid: { meter: Meter; tempo: number }, { value, unit }: Length): number {
  if (unit === "seconds") return value;
  return barOf(grid) * (unit === "bars" ? value : value / beatsOf(grid.meter));
}

/** Seconds of all bars of a bridge: over a ramp summed by Simpson's rule, for the tempo goes evenly with the bars. */
export function bridgeOf(section: SectionCue): number {
  const { tempo, ramp, bridge } = section;
  const bars = bridge?.bars ?? 0;
  if (ramp === undefined) return bars * barOf(section);
  const parts = 200;
  const slowness = (part: number): number =>
    barOf({ ...section, tempo: tempo + ((ramp.to - tempo) * part) / parts });
  let sum = slowness(0) + slowness(parts);
  for (let part = 1; part < parts; part += 1) sum += slowness(part) * (part % 2 === 0 ? 2 : 4);
  return (sum * bars) / parts / 3;
}

/** Bars from bar 0 of a section in one tempo to a moment. */
export const barAt = (section: SectionCue, at: number): number =>
  (at - section.startsAt) / barOf(section);

/** What a section's sync points are counted from, in bars: places, and how often each comes again. */
function gridOf({ mood, meter }: SectionCue, sync: SyncPoint): { places: number[]; step: number } {
  const step = mood.phrase;
  const wanted = sync.slice("marker ".length);
  const places = mood.markers
    .filter(({ name }) => sync === "marker" || name === wanted)
    .map(({ at }) => (at.unit === "bars" ? at.value : at.value / beatsOf(meter)));
  if (sync.startsWith("marker") && places.length > 0) return { places, step };
  const count = /^(\d+) (bars|beats)$/.exec(sync);
  const beat = 1 / beatsOf(meter);
  if (count !== null) {
    return { places: [0], step: Number(count[1]) * (count[2] === "bars" ? 1 : beat) };
  }
  return { places: [0], step: sync === "beat" ? beat : sync === "bar" ? 1 : step };
}

/** How far a moment lies from the nearest legal point of a section, in seconds. */
export function offGrid(section: SectionCue, sync: SyncPoint, at: number): number {
  if (sync === "immediate") return 0;
  const { places, step } = gridOf(section, sync);
  const bar = barAt(section, at);
  const off = places.map((place) => {
    const nearest = Math.max(place > 0 ? 0 : 1, Math.round((bar - place) / step));
    return Math.abs(place + nearest * step - bar);
  });
  return Math.min(...off) * barOf(section);
}

/** The first legal point of a section that is not before a moment. */
export function firstLegal(section: SectionCue, sync: SyncPoint, notBefore: number): number {
  if (sync === "immediate") return notBefore;
  const { places, step } = gridOf(section, sync);
  const bar = barAt(section, notBefore);
  const first = places.map((place) => {
    const count = Math.max(place > 0 ? 0 : 1, Math.ceil((bar - place) / step));
    return place + count * step;
  });
  return section.startsAt + Math.min(...first) * barOf(section);
}

/** Seconds from one legal point of a section to the next, at most. */
export const longestGrid = (section: SectionCue, sync: SyncPoint): number =>
  sync === "immediate" ? 0 : gridOf(section, sync).step * barOf(section);

/** The first transition of the score that fits; names stand for moods that inherit from them too. */
export function transitionFor(score: Score, from: string, to: string): Transition {
  const means = (names: readonly string[], mood: string): boolean =>
    names.some(
      (name) =>
        name === "any" ||
        name === mood ||
        score.moods.some((each) => each.name === mood && each.ancestors.includes(name)),
    );
  const fits = score.transitions.find((each) => means(each.from, from) && means(each.to, to));
  if (fits === undefined) throw new Error("a score without a last transition");
  return fits;
}

/** What game and rules ask for: of equal priorities the game's, of rules the first, of holds the last. */
export function wishOf(
  score: Score,
  { rules, holds, location }: DirectorState,
): { readonly mood: string; readonly palette: string } {
  const place = score.locations.find(({ name }) => name === location);
  const palette = place?.palette ?? score.palette;
  const asking = score.rules.filter((_, index) => rules[index]?.holds === true);
  const most = Math.max(...asking.map(({ priority }) => priority));
  const rule = asking.find(({ priority }) => priority === most);
  const top = Math.max(...holds.map(({ priority }) => priority));
  const hold = holds.findLast(({ priority }) => priority === top);
  const held = hold !== undefined && (rule === undefined || top >= most) ? hold : undefined;
  const mood = (held ?? rule)?.mood ?? place?.mood ?? score.moods[0]?.name ?? "";
  return { mood, palette };
}

/** Whether a section is what is asked for. */
export const isAsked = (score: Score, state: DirectorState, section: SectionCue): boolean => {
  const wish = wishOf(score, state);
  return (
    section.bridge === undefined &&
    section.mood.name === wish.mood &&
    section.palette === wish.palette
  );
};

/** When the last decision before a state was made. */
export const decidedAt = ({ controlPoints }: DirectorState): number =>
  (controlPoints - 1) * CONTROL_PERIOD;

interface Heard {
  readonly section: SectionCue;
  readonly from: number;
  readonly returns: boolean;
}

/** Sections and returns to one, in the order in which they are heard. */
export function heard(cues: readonly Cue[]): readonly Heard[] {
  const known = new Map<number, SectionCue>();
  return cues.flatMap((cue): readonly Heard[] => {
    if (cue.kind === "section") {
      known.set(cue.index, cue);
      return [{ section: cue, from: cue.entersAt, returns: false }];
    }
    const back = cue.kind === "reversal" ? known.get(cue.section) : undefined;
    return back === undefined || cue.kind !== "reversal"
      ? []
      : [{ section: back, from: cue.at, returns: true }];
  });
}

/** The states of a stretch whose ticks fell on every control point: one for each. */
export const controlPointsOf = ({ states }: Stretch): readonly DirectorState[] =>
  states.map(({ state }) => state);
