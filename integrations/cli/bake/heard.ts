import type { Cue, LayerCue, SectionCue } from "../../../engine/director/cue.ts";
import type { Note } from "../../../engine/music/note.ts";
import { performed } from "../../../engine/music/performance.ts";
import { STEMS, type Stem } from "../../../engine/music/stem.ts";
import { ticksPerBar } from "../../../engine/time/meter.ts";
import { timeOfBar, type Section } from "../../../engine/time/section.ts";
import type { Played, Window } from "./performance.ts";

/** Seconds: what is struck anew so soon is one note. */
const SHORTEST = 0.001;

/** A note that is heard, in seconds since the music began. */
export interface HeardNote extends Pick<Note, "pitch" | "velocity"> {
  readonly stem: Stem;
  readonly isStinger: boolean;
  readonly from: number;
  readonly to: number;
}

/** When a section has the word: from its entry until another is entered. */
export interface Span {
  readonly section: SectionCue;
  readonly from: number;
  readonly to: number;
}

/** What has the word when, within a window: one section after another, without gaps. */
export function spansOf(cues: readonly Cue[], { from: begin, to: end }: Window): readonly Span[] {
  const sections = new Map<number, SectionCue>();
  const turns: { section: SectionCue; from: number }[] = [];
  for (const cue of cues) {
    if (cue.kind === "section") {
      sections.set(cue.index, cue);
      turns.push({ section: cue, from: cue.entersAt });
    }
    const back = cue.kind === "reversal" ? sections.get(cue.section) : undefined;
    if (cue.kind === "reversal" && back !== undefined) turns.push({ section: back, from: cue.at });
  }
  return turns
    .map(({ section, from }, index) => ({
      section,
      from: Math.max(begin, from),
      to: Math.min(end, turns[index + 1]?.from ?? end),
    }))
    .filter(({ from, to }) => to > from);
}

/** The notes that are heard, in order: those of stems that are silent then are left away. */
export function heardNotes(played: Played): readonly HeardNote[] {
  const { window } = played;
  const spans = spansOf(played.cues, window);
  const layers = played.cues.filter((cue): cue is LayerCue => cue.kind === "layer");
  const isSilent = (section: number, stem: Stem, at: number): boolean =>
    layers.findLast((cue) => cue.section === section && cue.stem === stem && cue.at <= at + 1e-6)
      ?.gain === 0;
  const phrases = new Map(
    played.phrases.map((each) => [`${each.phrase.section.index}.${each.phrase.index}`, each]),
  );
  const notes: HeardNote[] = [];
  for (const { phrase, take } of phrases.values()) {
    const { index } = phrase.section;
    for (const span of spans.filter(({ section }) => section.index === index)) {
      const { bars } = phrase.plan;
      for (const stem of phrase.plan.stems) {
        const { manner } = played.palettes.named(phrase.setting.palette).voices[stem];
        for (const note of performed(take.notes, { stem, manner, bars })) {
          const heard = heardIn(note, phrase.setting, phrase.firstBar, span);
          if (heard === undefined || isSilent(index, stem, heard.from)) continue;
          notes.push({ ...heard, stem, isStinger: false });
        }
      }
    }
  }
  const isKept = ({ stem, isStinger }: HeardNote): boolean =>
    played.buses.includes(isStinger ? "stingers" : stem);
  return withoutOverlaps([...notes, ...stingerNotes(played)].filter(isKept));
}

/** In order of time. A pitch ends where it is struck anew, as for a synthesiser; of two at once one is left. */
function withoutOverlaps(notes: readonly HeardNote[]): readonly HeardNote[] {
  const sorted = notes.toSorted(
    (a, b) => a.from - b.from || STEMS.indexOf(a.stem) - STEMS.indexOf(b.stem) || a.pitch - b.pitch,
  );
  const next = new Map<string, number>();
  const kept: HeardNote[] = [];
  for (const note of sorted.toReversed()) {
    const voice = `${note.stem} ${note.isStinger} ${note.pitch}`;
    const until = next.get(voice) ?? Infinity;
    if (until - note.from < SHORTEST) continue;
    next.set(voice, note.from);
    kept.push({ ...note, to: Math.min(note.to, until) });
  }
  return kept.toReversed();
}

function heardIn(
  { at, duration, pitch, velocity }: Note,
  section: Section,
  firstBar: number,
  span: { readonly from: number; readonly to: number },
): Omit<HeardNote, "stem" | "isStinger"> | undefined {
  const barTicks = ticksPerBar(section.meter);
  const from = timeOfBar(section, firstBar + at / barTicks);
  const to = Math.min(span.to, timeOfBar(section, firstBar + (at + duration) / barTicks));
  const isHeard = from >= span.from - 1e-4 && from < span.to - 1e-4;
  return isHeard ? { from, to: Math.max(from, to), pitch, velocity } : undefined;
}

/** A stinger is in the tempo and meter of the section over which it sounds, and begins on its moment. */
function stingerNotes({ cues, stingers, window }: Played): readonly HeardNote[] {
  return stingers.flatMap(({ cue, take }) => {
    const section = cues.find(
      (each): each is SectionCue => each.kind === "section" && each.index === cue.section,
    );
    if (take === undefined || section === undefined) return [];
    const cut = cues.find((each) => each.kind === "stinger-cut" && each.id === cue.id);
    const to = Math.min(window.to, cut?.kind === "stinger-cut" ? cut.at : Infinity);
    const place = { ...section, ramp: undefined, startsAt: cue.at };
    return STEMS.flatMap((stem) =>
      take.notes[stem].flatMap((note) => {
        const heard = heardIn(note, place, 0, { from: window.from, to });
        return heard === undefined ? [] : [{ ...heard, stem, isStinger: true }];
      }),
    );
  });
}
