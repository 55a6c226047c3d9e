import { shippedBank } from "../../../engine/bank/shipped.ts";
import type { ConductorEvents } from "../../../engine/conductor/conductor-options.ts";
import { Conductor } from "../../../engine/conductor/conductor.ts";
import { partFrames } from "../../../engine/conductor/frames.ts";
import type { Rendering } from "../../../engine/conductor/parts.ts";
import { timeOfPart, type Phrase } from "../../../engine/conductor/phrase.ts";
import type { PhraseTake } from "../../../engine/composer/take.ts";
import type { Cue, StingerCue } from "../../../engine/director/cue.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { PaletteBook } from "../../../engine/palette-book.ts";
import { LIMITS } from "../../../engine/governor/tier.ts";
import type { Score } from "../../../engine/score/score.ts";
import type { Theme } from "../../../engine/theme/theme.ts";
import { milliseconds, seconds, type Seconds } from "../../../engine/time/units.ts";
import { withEnding, type Ending } from "./ending.ts";
import type { Staff } from "./staff.ts";
import { BUSES, type Bus, type Tape } from "./tape.ts";
import type { Pcm } from "./tape-voice.ts";

/** A piece of music to be played: what happens in the game, and until when. */
export interface Piece {
  readonly score: Score;
  readonly seed: number;
  readonly themes: ReadonlyMap<string, Theme>;
  /** In order of time; before 0: as if it had always been so. */
  readonly events: readonly GameEvent[];
  /** When the music begins, in its own time; default 0, later where it was played before. */
  readonly startsAt?: Seconds;
  /** No note begins at or after it; what sounds rings out. */
  readonly end: Seconds;
  /** Asked of every cue: says once it is known which part of the piece is kept. Default: all of it. */
  readonly windowOf?: (cue: Cue) => Partial<Window> | undefined;
  /** What is heard; default: everything. */
  readonly buses?: readonly Bus[];
  /** What its last bars are; absent: nobody knows when it ends. */
  readonly ending?: Ending | undefined;
  /** What was played once and is to be played again. */
  readonly restore?: (conductor: Conductor) => void;
}

/** A part of the music, in seconds since it began. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** What was played, besides its sound. */
export interface Played {
  /** The part that is kept; `from` is infinite until it is known. */
  readonly window: Window;
  readonly buses: readonly Bus[];
  readonly palettes: PaletteBook;
  readonly cues: readonly Cue[];
  readonly phrases: readonly { readonly phrase: Phrase; readonly take: PhraseTake }[];
  readonly stingers: readonly { readonly cue: StingerCue; readonly take: PhraseTake | undefined }[];
  /** What did not go as the score asks, in words. */
  readonly remarks: readonly string[];
}

/** Who writes and renders. */
export type Players = Pick<Staff, "writing" | "rendering" | "settled">;

export interface PerformanceParts {
  readonly staff: Players;
  readonly tape: Tape;
  /** The composer's own audio, at the rate of the tape; default: none. */
  readonly takes?: ReadonlyMap<string, Pcm>;
}

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
  { staff, tape, takes = new Map() }: PerformanceParts,
  advance: (until: Seconds, played: Played) => Promise<void>,
): Promise<Played> {
  const { startsAt = seconds(0) } = piece;
  const played = createLog(piece);
  let now = startsAt;
  const conductor = new Conductor({
    score: piece.score,
    seed: piece.seed,
    bank: shippedBank,
    pcmBudget: 0,
    playing: tape,
    paletteNamed: (name) => played.palettes.named(name),
    wallClock: () => milliseconds(now * 1000),
    events: played.events,
  });
  for (const [name, theme] of piece.themes) conductor.addTheme(name, theme);
  for (const [name, pcm] of takes) conductor.addTake(name, pcm);
  conductor.limits = piece.buses === undefined ? BAKING : LIMITS.full;
  const { ending } = piece;
  conductor.writing = ending === undefined ? staff.writing : withEnding(staff.writing, ending);
  conductor.rendering = untilEnd(staff.rendering, played, tape.sampleRate);
  piece.restore?.(conductor);
  for (const event of piece.events) if (event.at < 0) conductor.preset({ ...event, at: startsAt });
  const script = piece.events.filter(({ at }) => at >= 0);

  // The bank is ready first; the music begins with what was written for it.
  for (let isReady = false, isBusy = true; !isReady || isBusy;) {
    isReady = conductor.prepareOpening();
    isBusy = await staff.settled();
  }
  const origin = -Math.round(startsAt * tape.sampleRate) / tape.sampleRate;
  conductor.begin(seconds(origin));
  for (let tick = 0, given = 0; now + TICK <= played.window.to - LAST_DECISION; tick += 1) {
    now = seconds(startsAt + tick * TICK);
    const due = script.slice(given).filter(({ at }) => at <= now);
    given += due.length;
    conductor.tick(now, due);
    tape.holdFrom(seconds(played.window.to + origin));
    await staff.settled();
    await advance(seconds(now + origin), played);
  }
  return played;
}

/** Leaves the notes away that would begin at the end or after it. */
const untilEnd = (rendering: Rendering, played: Log, sampleRate: number): Rendering => ({
  render: (request) => {
    const phrase = played.phraseNamed(request.take.slice(0, request.take.lastIndexOf(":")));
    const begins = phrase === undefined ? 0 : partFrames(phrase, 0, sampleRate).startsAt;
    const isHeard = ({ at }: { readonly at: number }): boolean =>
      begins + at < Math.round(played.window.to * sampleRate);
    return rendering.render({ ...request, notes: request.notes.filter(isHeard) });
  },
  release: (take) => rendering.release(take),
  recycle: (memory) => rendering.recycle(memory),
});

interface Log extends Played {
  readonly events: ConductorEvents;
  readonly phraseNamed: (name: string) => Phrase | undefined;
}

function createLog({ score, startsAt = seconds(0), end, windowOf, buses = BUSES }: Piece): Log {
  let window: Window = { from: windowOf === undefined ? startsAt : Infinity, to: end };
  const cues: Cue[] = [];
  const phrases: { phrase: Phrase; take: PhraseTake }[] = [];
  const stingers: { cue: StingerCue; take: PhraseTake | undefined }[] = [];
  const remarks: string[] = [];
  const named = new Map<string, Phrase>();
  const ignore = (): void => undefined;
  /** Half a frame of doubt: bar lines are rounded. */
  const isOver = (phrase: Phrase): boolean => timeOfPart(phrase, 0) > window.to - 1e-4;
  const take = (cue: Cue): void => {
    cues.push(cue);
    window = { ...window, ...windowOf?.(cue) };
  };
  return {
    get window() {
      return window;
    },
    buses,
    palettes: new PaletteBook(score),
    cues,
    phrases,
    stingers,
    remarks,
    phraseNamed: (name) => named.get(name),
    events: {
      cue: take,
      reopened: (reopened) => {
        for (const cue of reopened) take(cue);
      },
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
