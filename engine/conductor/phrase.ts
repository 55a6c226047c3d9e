import type { PhrasePlan } from "../composer/phrase-plan.ts";
import type { PhraseTake } from "../composer/take.ts";
import type { PhraseCue, SectionCue } from "../director/cue.ts";
import type { Placing } from "../director/event.ts";
import { phraseBars } from "../director/tempo.ts";
import type { Stem } from "../music/stem.ts";
import { ticksPerBar } from "../time/meter.ts";
import { secondsOf, timeOfBar, type Section } from "../time/section.ts";
import { gainOf, seconds, type Seconds } from "../time/units.ts";
import type { LoadedTake, Pcm } from "./cut-take.ts";

/** Where a phrase sounds: in a section, or in a stinger over it. */
export interface Setting extends Section {
  /** Names its voices. */
  readonly key: string;
  readonly entersAt: Seconds;
  readonly fade: Seconds;
  readonly palette: string;
  /** Of a stinger; undefined: in the middle, at its own level. */
  readonly placing?: Placing | undefined;
}

/** A phrase between its cue and its last sound. */
export interface Phrase {
  readonly section: SectionCue;
  readonly setting: Setting;
  /** Of the setting; a stinger may begin within a bar. */
  readonly firstBar: number;
  /** Counts the phrases of a tune. */
  readonly index: number;
  readonly plan: PhrasePlan;
  /** Names the take towards the renderer. */
  readonly name: string;
  /** What will be heard: final once it is there, because rendering begins with it. */
  take: PhraseTake | undefined;
  /** What stems play in place of their notes: final together with the take. */
  authored: ReadonlyMap<Stem, LoadedTake>;
  /** Chunks rendered before the decision to play them. */
  readonly ahead: Map<string, Pcm>;
  /** Chunks that are with the renderer, played, or given up. */
  readonly handled: Set<string>;
}

/** Audio is handed to the player this many bars before it sounds … */
const SCHEDULED_BARS = 2;
/** … and rendered this much earlier than that, so that a busy renderer still keeps the two bars. */
const RENDER_MARGIN = 1.5;
/** Half a bar at a time: handing PCM to Web Audio costs the main thread about 1 ms a bar and stem. */
const PARTS_PER_BAR = 2;
/** What rings after the last bar of a phrase. */
export const TAIL: Seconds = seconds(1.5);

export const settingOf = (section: SectionCue): Setting => ({
  ...section,
  key: String(section.index),
});

/** As the player takes it: a linear gain, and where between the ears. */
export const placingOf = ({
  placing,
}: Setting): { readonly level: number; readonly pan: number } =>
  placing === undefined ? { level: 1, pan: 0 } : { ...placing, level: gainOf(placing.level) };

export const createPhrase = (
  section: SectionCue,
  { index }: Pick<PhraseCue, "index">,
  plan: PhrasePlan,
  prepared?: Phrase,
): Phrase => ({
  section,
  setting: settingOf(section),
  firstBar: index * phraseBars(section),
  index,
  plan,
  name: prepared?.name ?? `${section.index}.${index}`,
  take: prepared?.take,
  authored: new Map(),
  ahead: prepared?.ahead ?? new Map(),
  handled: prepared?.handled ?? new Set(),
});

/** How far ahead of its sound a bar is sent to the renderer, and a take to the player with what it has before its first bar. */
export function renderLead({ setting, index, authored }: Phrase): Seconds {
  const pickups = index === 0 ? [...authored.values()].map(({ spec }) => spec.entry) : [];
  const bars = SCHEDULED_BARS * secondsOf(ticksPerBar(setting.meter), setting.tempo);
  return seconds(bars + RENDER_MARGIN + Math.max(0, ...pickups));
}

/** Half bars of the phrase, and one more part for what rings after them. */
export const partCount = ({ plan }: Phrase): number => plan.bars.length * PARTS_PER_BAR + 1;

/** Where a part begins, in bars from the start of the phrase; the last part is the tail. */
export const barOfPart = ({ plan }: Phrase, part: number): number =>
  Math.min(part / PARTS_PER_BAR, plan.bars.length);

/** The part in which a bar of the phrase, or a place within it, lies. */
export const partOfBar = (bar: number): number => Math.floor(bar * PARTS_PER_BAR + 1e-6);

/** When a part begins; the part after the last is the phrase's end. */
export function timeOfPart(phrase: Phrase, part: number): Seconds {
  const time = timeOfBar(phrase.setting, phrase.firstBar + barOfPart(phrase, part));
  return part >= partCount(phrase) ? seconds(time + TAIL) : time;
}

/** When the phrase's last bar ends, and what rings after it begins. */
export const endOfPhrase = (phrase: Phrase): Seconds => timeOfPart(phrase, partCount(phrase) - 1);
