import { newPacing, stepPacing, type Pacing } from "./game/pacing.ts";
import type { Spot } from "./game/map.ts";
import type { GameState, Happening } from "./game/state.ts";
import { step } from "./game/step.ts";

/** What the music tells the game. */
export interface MusicClock {
  /** Beats heard since it was last asked. */
  takeBeats(): number;
  /** How far the present beat has gone, 0–1. */
  phase(): number;
  /** Quarter notes a minute. */
  tempo(): number;
  /** Seconds until the downbeat that lights the lantern is heard; undefined while none is set. */
  lightsIn(): number | undefined;
}

interface Walker {
  readonly at: Spot;
  readonly speed: number;
  readonly holding: boolean;
}

/** The game as it is played: its state, and what it makes of walker and music. */
export interface Play {
  readonly state: GameState;
  readonly pacing: Pacing;
  /** Seconds that a phrase lasts now. */
  readonly phrase: number;
  advance(dt: number, walker: Walker): void;
  /** A phrase of the music begins. */
  phraseBegins(isQuiet: boolean): void;
}

export interface PlayOptions {
  readonly from: GameState;
  readonly clock: MusicClock;
  readonly gentle: () => boolean;
  readonly tell: (happening: Happening) => void;
}

const BEATS_PER_BAR = 4;
const BARS_PER_PHRASE = 4;
const BARS_OF_FINALE = 16;

export function createPlay({ from, clock, gentle, tell }: PlayOptions): Play {
  const now = { state: from, pacing: newPacing() };
  const bar = (): number => (BEATS_PER_BAR * 60) / clock.tempo();
  return {
    get state() {
      return now.state;
    },
    get pacing() {
      return now.pacing;
    },
    get phrase() {
      return bar() * BARS_PER_PHRASE;
    },
    advance: (dt, walker) => {
      const { state, happenings } = step(now.state, {
        ...walker,
        dt,
        beats: clock.takeBeats(),
        phase: clock.phase(),
        lightsIn: clock.lightsIn(),
        twoBars: bar() * 2,
        phrase: bar() * BARS_PER_PHRASE,
        finale: bar() * BARS_OF_FINALE,
        gentle: gentle(),
      });
      now.state = state;
      happenings.forEach(tell);
    },
    phraseBegins: (isQuiet) => {
      now.pacing = stepPacing(now.pacing, isQuiet);
    },
  };
}
