import { shippedBank } from "../../../engine/bank/shipped.ts";
import type { ConductorEvents } from "../../../engine/conductor/conductor-options.ts";
import { Conductor } from "../../../engine/conductor/conductor.ts";
import { partFrames } from "../../../engine/conductor/frames.ts";
import type { Rendering } from "../../../engine/conductor/parts.ts";
import { timeOfPart, type Phrase } from "../../../engine/conductor/phrase.ts";
import type { PhraseTake } from "../../../engine/composer/take.ts";
import type { Cue, StingerCue } from "../../../engine/director/cue.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { LIMITS } from "../../../engine/governor/tier.ts";
import { paletteNamed } from "../../../engine/renderer-worker/palettes.ts";
import type { Score } from "../../../engine/score/score.ts";
import type { Theme } from "../../../engine/theme/theme.ts";
import { milliseconds, seconds, type Seconds } from "../../../engine/time/units.ts";
import { withEnding, type Ending } from "./ending.ts";
import type { Staff } from "./staff.ts";
import type { Tape } from "./tape.ts";

/** A piece of music to be played: what happens in the game, and until when. */
export interface Piece {
  readonly score: Score;
  readonly seed: number;
  readonly themes: ReadonlyMap<string, Theme>;
  /** In order of time; before 0: as if it had always been so. */
  readonly events: readonly GameEvent[];
  /** No note begins at or after it; what sounds rings out. */
  readonly end: Seconds;
  /** What its last bars are; absent: nobody knows when it ends. */
  readonly ending?: Ending | undefined;
  /** What was played once and is to be played again. */
  readonly restore?: (conductor: Conductor) => void;
}

/** What was played, besides its sound. */
export interface Played {
  readonly cues: readonly Cue[];
  readonly phrases: readonly { readonly phrase: Phrase; readonly take: PhraseTake }[];
  readonly stingers: readonly { readonly cue: StingerCue; readonly take: PhraseTake | undefined }[];
  /** What did not go as the score asks, in words. */
  readonly remarks: readonly string[];
}

/** Who writes and renders. */
export type Players = Pick<Staff, "writing" | "rendering" | "settled">;

/** Seconds between two ticks: the director's own grid, so that none is made late. */
const TICK = 0.05;
/** The last tick comes so long before the end: what begins with it is not decided any more. */
const LAST_DECISION = 0.6;
/** Nothing is written for what may not be heard. */
const BAKING = { ...LIMITS.full, leastLikely: 1 };

/**
 * Plays a piece on a made-up clock, which stands still while something is being written or rendered: the
 * same conductor as in a game, with all the time it wants. `advance` is called as the clock goes on, with the
 * time up to which the tape is final.
 */
export async function perform(
  piece: Piece,
  { staff, tape }: { readonly staff: Players; readonly tape: Tape },
  advance: (until: Seconds) => Promise<void>,
): Promise<Played> {
  const played = createLog(piece.end);
  let now = seconds(0);
  const conductor = new Conductor({
    score: piece.score,
    seed: piece.seed,
    bank: shippedBank,
    pcmBudget: 0,
    playing: tape,
    paletteNamed,
    wallClock: () => milliseconds(now * 1000),
    events: played.events,
  });
  for (const [name, theme] of piece.themes) conductor.addTheme(name, theme);
  conductor.limits = BAKING;
  const { ending } = piece;
  conductor.writing = ending === undefined ? staff.writing : withEnding(staff.writing, ending);
  conductor.rendering = untilEnd(staff.rendering, piece.end, played.phraseNamed, tape.sampleRate);
  piece.restore?.(conductor);
  for (const event of piece.events)
    if (event.at < 0) conductor.preset({ ...event, at: seconds(0) });
  const script = piece.events.filter(({ at }) => at >= 0);

  // The bank is ready first; the music begins with what was written for it.
  for (let isReady = false, isBusy = true; !isReady || isBusy;) {
    isReady = conductor.prepareOpening();
    isBusy = await staff.settled();
  }
  conductor.begin(seconds(0));
  tape.holdFrom(piece.end);
  for (let tick = 0, given = 0; tick * TICK <= piece.end - LAST_DECISION; tick += 1) {
    now = seconds(tick * TICK);
    const due = script.slice(given).filter(({ at }) => at <= now);
    given += due.length;
    conductor.tick(now, due);
    await staff.settled();
    await advance(now);
  }
  return played;
}

/** Leaves the notes away that would begin at the end or after it. */
const untilEnd = (
  rendering: Rendering,
  end: Seconds,
  phraseNamed: (name: string) => Phrase | undefined,
  sampleRate: number,
): Rendering => ({
  render: (request) => {
    const phrase = phraseNamed(request.take.slice(0, request.take.lastIndexOf(":")));
    const begins = phrase === undefined ? 0 : partFrames(phrase, 0, sampleRate).startsAt;
    const isHeard = ({ at }: { readonly at: number }): boolean =>
      begins + at < Math.round(end * sampleRate);
    return rendering.render({ ...request, notes: request.notes.filter(isHeard) });
  },
  release: (take) => rendering.release(take),
});

function createLog(end: Seconds): Played & {
  readonly events: ConductorEvents;
  readonly phraseNamed: (name: string) => Phrase | undefined;
} {
  const cues: Cue[] = [];
  const phrases: { phrase: Phrase; take: PhraseTake }[] = [];
  const stingers: { cue: StingerCue; take: PhraseTake | undefined }[] = [];
  const remarks: string[] = [];
  const named = new Map<string, Phrase>();
  const ignore = (): void => undefined;
  /** Half a frame of doubt: bar lines are rounded. */
  const isOver = (phrase: Phrase): boolean => timeOfPart(phrase, 0) > end - 1e-4;
  return {
    cues,
    phrases,
    stingers,
    remarks,
    phraseNamed: (name) => named.get(name),
    events: {
      cue: (cue) => cues.push(cue),
      reopened: (reopened) => cues.push(...reopened),
      taken(phrase, take) {
        named.set(phrase.name, phrase);
        if (isOver(phrase)) return;
        phrases.push({ phrase, take });
        if (take.source !== "model") remarks.push(`phrase ${phrase.name} is from ${take.source}`);
      },
      stingerTaken: (cue, take) => stingers.push({ cue, take }),
      writtenLate(phrase) {
        if (!isOver(phrase)) remarks.push(`phrase ${phrase.name} was not written in time`);
      },
      outOfTempo: (_section, _stem, { name }) => remarks.push(`take "${name}" is in another tempo`),
      notInMemory: (_section, _stem, { name }) => remarks.push(`take "${name}" is not there`),
      problem: ({ problem, name }) => remarks.push(`${problem}: ${name}`),
      missedSyncPoints: (count) => remarks.push(`${count} sync points were missed`),
      answered: ignore,
      failed: ({ message }) => remarks.push(message),
      late: (outcome) => remarks.push(`a chunk was ${outcome}`),
      renderFailed: ({ message }) => remarks.push(message),
    },
  };
}
