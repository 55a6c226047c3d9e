import type { Bank } from "../bank/bank.ts";
import type { PhraseTake } from "../composer/take.ts";
import type { Cue, SectionCue, StingerCue } from "../director/cue.ts";
import type { Stem } from "../music/stem.ts";
import type { Palette } from "../renderer-worker/service.ts";
import type { Score, TakeSpec } from "../score/score.ts";
import type { Milliseconds } from "../time/units.ts";
import type { DecisionEvents } from "./decisions.ts";
import type { Playing } from "./parts.ts";
import type { Phrase } from "./phrase.ts";
import type { RepertoireEvents } from "./repertoire.ts";
import type { StageEvents } from "./stage-options.ts";

/** What the conductor tells; all of it is called during `tick` or when a worker answers. */
export interface ConductorEvents extends RepertoireEvents, StageEvents, DecisionEvents {
  cue(cue: Cue): void;
  /** What had been decided before the music was put somewhere else, and sounds there. */
  reopened(cues: readonly Cue[]): void;
  /** `tune` names what the phrase belongs to. */
  taken(phrase: Phrase, take: PhraseTake, tune: string): void;
  writtenLate(phrase: Phrase): void;
  /** A stem does not play its authored take, as the music has another tempo. */
  outOfTempo(section: SectionCue, stem: Stem, take: TakeSpec): void;
  /** The same of a stem of a bridge whose take is not there, or not yet. */
  notInMemory(section: SectionCue, stem: Stem, take: TakeSpec): void;
  /** `take` is undefined for a stinger that plays its authored take. */
  stingerTaken(cue: StingerCue, take: PhraseTake | undefined, tune: string): void;
}

export interface ConductorOptions {
  readonly score: Score;
  readonly seed: number;
  readonly bank: Bank;
  readonly playing: Playing;
  /** As it can be played now; asked for each phrase. */
  readonly paletteNamed: (name: string) => Palette;
  /** Milliseconds since the epoch, for the generator's deadlines. */
  readonly wallClock: () => Milliseconds;
  readonly events: ConductorEvents;
  /** Bytes of PCM that are kept for the case that it is heard again. */
  readonly pcmBudget: number;
}
