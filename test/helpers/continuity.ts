import type { Stem } from "../../engine/music/stem.ts";
import type { Rehearsal } from "./rehearsal.ts";

const RATE = 8000;
/** What rings after a phrase is no music of its own. */
const TAIL_FRAMES = 1.5 * RATE;
const TOLERANCE = 2 / RATE;

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Of a section. */
interface Sounding extends Stretch {
  readonly section: number;
}

/** When a voice is open, its fades included. */
function openSpans({ opened, closed, reopened }: Rehearsal, voice: string): readonly Stretch[] {
  const isTakenBack = ({ told, at, fade }: Rehearsal["closed"][number]): boolean =>
    reopened.some((again) => again.voice === voice && again.told > told && again.at < at + fade);
  const turns = [
    ...opened.map((each) => ({ ...each, isOpen: true })),
    ...reopened.map((each) => ({ ...each, isOpen: true })),
    ...closed
      .filter((each) => !isTakenBack(each))
      .map(({ voice: name, at, fade }) => ({ voice: name, at: at + fade, isOpen: false })),
  ].filter((turn) => turn.voice === voice);
  const spans: { from: number; to: number }[] = [];
  for (const { at, isOpen } of turns.toSorted((a, b) => a.at - b.at)) {
    const last = spans.at(-1);
    if (isOpen && (last === undefined || last.to < at)) spans.push({ from: at, to: Infinity });
    else if (isOpen && last !== undefined) last.to = Infinity;
    else if (last !== undefined) last.to = Math.min(last.to, at);
  }
  return spans;
}

/** The stretches in which each section is heard in a stem. Not for 80 bpm, where half a bar is as long as a tail. */
function soundings(result: Rehearsal, stem: Stem): readonly Sounding[] {
  return [...new Set(result.opened.map(({ voice }) => voice))]
    .filter((voice) => voice.endsWith(`:${stem}`) && !voice.startsWith("stinger"))
    .flatMap((voice) => {
      const section = Number.parseInt(voice, 10);
      const chunks = result.played
        .filter((chunk) => chunk.voice === voice && chunk.frames !== TAIL_FRAMES)
        .map(({ at, frames, handedOverAt }) => ({
          from: Math.max(at, handedOverAt),
          to: at + frames / RATE,
        }));
      const joined = union(chunks);
      return openSpans(result, voice).flatMap((open) =>
        joined
          .map(({ from, to }) => ({ from: Math.max(from, open.from), to: Math.min(to, open.to) }))
          .filter(({ from, to }) => to - from > TOLERANCE)
          .map((stretch) => ({ section, ...stretch })),
      );
    })
    .toSorted((a, b) => a.from - b.from);
}

function union(stretches: readonly Stretch[]): readonly Stretch[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to + TOLERANCE) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

/** Where nothing is heard in a stem. */
export function holes(result: Rehearsal, stem: Stem, until: number): readonly Stretch[] {
  const heard = union(soundings(result, stem));
  const edges = [0, ...heard.flatMap(({ from, to }) => [from, to]), until];
  const found: Stretch[] = [];
  for (let index = 0; index < edges.length; index += 2) {
    const from = edges[index] ?? 0;
    const to = Math.min(until, edges[index + 1] ?? until);
    if (to - from > TOLERANCE) found.push({ from, to });
  }
  return found;
}

/** Where two sections are heard at once for longer than the fade; one that is turned round goes back as long as it went. */
export function doublings(result: Rehearsal, stem: Stem): readonly Stretch[] {
  const heard = soundings(result, stem);
  const fadeOf = (section: number): number =>
    Math.max(
      0,
      ...result.closed
        .filter(({ voice }) => voice === `${section}:${stem}`)
        .map(({ fade }) => fade),
    );
  return heard.flatMap((one, index) =>
    heard.slice(index + 1).flatMap((other) => {
      if (one.section === other.section) return [];
      const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
      const isTurned = result.reopened.some(({ voice }) => voice === `${one.section}:${stem}`);
      const fade = Math.max(fadeOf(one.section), fadeOf(other.section)) * (isTurned ? 2 : 1);
      return to - from > fade + TOLERANCE ? [{ from, to }] : [];
    }),
  );
}
