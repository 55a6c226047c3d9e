import type { GenerationAnswer, GenerationRequest, StemMask } from "../generator/service.ts";
import type { BarPlan } from "../music/bar-plan.ts";
import type { Chord } from "../music/chord.ts";
import type { Note } from "../music/note.ts";
import { perStem, type PerStem, type Stem } from "../music/stem.ts";
import { ticksPerBar } from "../time/meter.ts";
import { ticks, type Milliseconds, type UnitInterval } from "../time/units.ts";
import type { PhrasePlan } from "./phrase-plan.ts";
import type { PhraseTake } from "./take.ts";
import { keepLikeness } from "./theme-lane.ts";

/** The model sees at most this many bars on either side of the phrase. */
const CONTEXT_BARS = 4;
const WINDOW_BARS = 16;

/** The music around a phrase, as far as it is known. */
export interface Surroundings {
  /** The phrase before, in the same mood. */
  readonly before: PhraseTake | undefined;
  /** The phrase after: a B section is written towards the A that follows. */
  readonly after: PhraseTake | undefined;
  /** The phrase that is varied; without it a variation is written afresh. */
  readonly original: PhraseTake | undefined;
}

export interface RequestTerms {
  readonly id: string;
  readonly deadline: Milliseconds;
  readonly priority: number;
  readonly passes: number;
}

/** Puts a phrase and its surroundings into one window for the model. */
export function requestFor(
  plan: PhrasePlan,
  { before, after, original }: Surroundings,
  terms: RequestTerms,
): GenerationRequest {
  const { origin, theme } = plan;
  const varied = origin.kind === "variation" ? original : undefined;
  const keepsChords = origin.kind === "variation" && origin.harmony === "kept";
  const target =
    varied !== undefined && keepsChords ? withChordsOf(plan.bars, varied.bars) : plan.bars;
  const [first] = target;
  const left = barsIn(first, before).slice(-CONTEXT_BARS);
  const room = Math.min(CONTEXT_BARS, WINDOW_BARS - left.length - target.length);
  const right = barsIn(first, after).slice(0, room);
  const barTicks = ticksPerBar(target[0]?.meter ?? "4/4");
  const given = (stem: Stem): readonly Note[] => [
    ...shifted(
      left.length === 0 ? [] : before?.notes[stem],
      (left.length - (before?.bars.length ?? 0)) * barTicks,
    ),
    ...shifted(stem === "melody" ? theme?.melody : [], left.length * barTicks),
    ...shifted(varied?.notes[stem], left.length * barTicks),
    ...shifted(
      right.length === 0 ? [] : after?.notes[stem],
      (left.length + target.length) * barTicks,
    ),
  ];
  const bars = [...left, ...target, ...right];
  const end = bars.length * barTicks;
  const inWindow = (note: Note): boolean => note.at >= 0 && note.at < end;
  const context = perStem((stem): StemMask => (isWritten(plan, stem) ? "keep" : "absent"));
  return {
    ...terms,
    bars,
    given: perStem((stem) => given(stem).filter(inWindow)),
    mask: [
      ...left.map(() => context),
      ...target.map((_, bar) => targetMask(plan, varied, bar)),
      ...right.map(() => context),
    ],
    seed: plan.seed,
  };
}

/**
 * The last bar of a varied phrase gets new drums: the fill that announces what follows. What rests now or
 * rested then is written whole, and so is an ending, whose chord is another.
 */
function targetMask(
  plan: PhrasePlan,
  varied: PhraseTake | undefined,
  bar: number,
): PerStem<StemMask> {
  const { origin, bars } = plan;
  const source = varied?.bars[bar % varied.bars.length];
  const isLast = bar === bars.length - 1;
  const rewrite = (share: UnitInterval): StemMask => (share === 0 ? "keep" : { rewrite: share });
  return perStem((stem): StemMask => {
    if (!isWritten(plan, stem)) return "absent";
    const rests = bars[bar]?.density[stem] === 0 || source?.density[stem] === 0;
    if (rests || bars[bar]?.role === "ending") return "write";
    if (origin.kind === "theme") return stem === "melody" ? rewrite(origin.change) : "write";
    const isFill = isLast && stem === "drums";
    if (source === undefined || origin.kind === "fresh" || isFill) return "write";
    return rewrite(origin.share[stem]);
  });
}

/** Whether the model is to write a stem: those that are not in play or authored are absent. */
const isWritten = ({ stems, authored }: PhrasePlan, stem: Stem): boolean =>
  stems.includes(stem) && authored?.includes(stem) !== true;

/** The stems that the model is to write. */
export const writtenStems = (plan: PhrasePlan): readonly Stem[] =>
  plan.stems.filter((stem) => isWritten(plan, stem));

/** Whether there is anything for the model to write. */
export const hasWork = (plan: PhrasePlan): boolean => writtenStems(plan).length > 0;

/** Cuts the phrase out of the model's answer. */
export function takeFrom(
  request: GenerationRequest,
  answer: GenerationAnswer,
  plan: PhrasePlan,
): PhraseTake {
  const first = request.mask.findIndex((bar) =>
    Object.values(bar).some((mask) => mask !== "keep" && mask !== "absent"),
  );
  const barTicks = ticksPerBar(request.bars[0]?.meter ?? "4/4");
  const from = Math.max(0, first) * barTicks;
  const end = from + plan.bars.length * barTicks;
  const kept = (stem: Stem, note: Note): boolean =>
    request.mask[Math.floor(note.at / barTicks)]?.[stem] === "keep";
  const notes = perStem((stem) => {
    const all = [...request.given[stem].filter((note) => kept(stem, note)), ...answer.notes[stem]];
    const inside = all.filter((note) => note.at >= from && note.at < end);
    return shifted(inside, -from).toSorted((a, b) => a.at - b.at || a.pitch - b.pitch);
  });
  const take: PhraseTake = {
    source: "model",
    bars: request.bars.slice(Math.max(0, first), Math.max(0, first) + plan.bars.length),
    notes,
  };
  return keepLikeness(take, plan);
}

/** A take's bars as the model sees them beside a bar: counted from its key, and none where their meters differ. */
function barsIn(beside: BarPlan | undefined, take: PhraseTake | undefined): readonly BarPlan[] {
  if (beside === undefined || take === undefined) return [];
  const { meter, key } = beside;
  if (take.bars.some((bar) => bar.meter !== meter)) return [];
  return take.bars.map((bar): BarPlan => {
    const shift = bar.key.tonic - key.tonic + 12;
    const own = bar.modulatedTo ?? bar.key;
    const isOther = own.tonic !== key.tonic || own.mode !== key.mode;
    const { modulatedTo: _, ...rest } = bar;
    const carried = (chord: Chord | undefined): Chord | undefined =>
      chord && { ...chord, root: (chord.root + shift) % 12 };
    const chords = [carried(bar.chords[0]), carried(bar.chords[1])] as const;
    return { ...rest, key, ...(isOther ? { modulatedTo: own } : {}), chords };
  });
}

const withChordsOf = (bars: readonly BarPlan[], source: readonly BarPlan[]): readonly BarPlan[] =>
  bars.map((bar, index) => ({
    ...bar,
    chords: source[index % source.length]?.chords ?? bar.chords,
  }));

const shifted = (notes: readonly Note[] = [], by: number): readonly Note[] =>
  notes.map((note) => ({ ...note, at: ticks(note.at + by) }));
