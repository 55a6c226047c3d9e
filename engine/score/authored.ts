import type { Style } from "../music/bar-plan.ts";
import type { Key } from "../music/key.ts";
import type { Stem } from "../music/stem.ts";
import type { Meter } from "../time/meter.ts";
import type { SyncPoint } from "../time/section.ts";
import type { Bpm, Seconds, UnitInterval } from "../time/units.ts";
import type { Condition } from "./condition.ts";
import type { Length, Point } from "./score.ts";

/** A score as its author wrote it, each value read; what was left out is undefined. */
export interface AuthoredScore {
  readonly title?: string | undefined;
  readonly tempo?: Bpm | undefined;
  readonly meter?: Meter | undefined;
  readonly key?: Key | undefined;
  readonly palette?: string | undefined;
  readonly phrase?: number | undefined;
  readonly signals?: Readonly<Record<string, AuthoredSignal>> | undefined;
  readonly moods: Readonly<Record<string, AuthoredMood>>;
  readonly locations?: Readonly<Record<string, AuthoredLocation>> | undefined;
  readonly rules?: readonly AuthoredRule[] | undefined;
  readonly transitions?: readonly AuthoredTransition[] | undefined;
}

export interface AuthoredSignal {
  readonly range?: readonly [number, number] | undefined;
  readonly initial?: number | undefined;
  readonly attack?: Seconds | undefined;
  readonly release?: Seconds | undefined;
  readonly curve?: readonly Point[] | undefined;
  readonly deadband?: number | undefined;
}

export interface AuthoredMood {
  readonly valence?: number | undefined;
  readonly arousal?: UnitInterval | undefined;
  readonly tempo?: Bpm | undefined;
  readonly key?: Key | undefined;
  readonly style?: Style | undefined;
  readonly stems?: readonly Stem[] | AuthoredLevels | undefined;
  readonly inherit?: string | undefined;
}

/** The intensity at which each stem comes in. */
type AuthoredLevels = Readonly<Partial<Record<Stem, UnitInterval | undefined>>>;

export interface AuthoredLocation {
  readonly palette?: string | undefined;
  readonly mood?: string | undefined;
}

export interface AuthoredRule {
  readonly when: Condition;
  readonly until?: Condition | undefined;
  readonly mood: string;
  readonly for?: Length | undefined;
  readonly cooldown?: Seconds | undefined;
  readonly priority?: number | undefined;
}

export interface AuthoredTransition {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly at?: SyncPoint | undefined;
  readonly fade?: Length | undefined;
}
