import type { BarPlan, Density } from "../music/bar-plan.ts";
import type { Chord } from "../music/chord.ts";
import { diatonicTriad } from "../music/harmony.ts";
import type { Key } from "../music/key.ts";
import { hashText, randomAt } from "../music/random.ts";
import { STEMS, perStem, type Stem } from "../music/stem.ts";
import type { Mood } from "../score/score.ts";
import { unitInterval, type UnitInterval } from "../time/units.ts";
import type { PhrasePlan } from "./phrase-plan.ts";

export interface BridgeRequest {
  readonly from: Mood;
  readonly to: Mood;
  /** 1–8. */
  readonly bars: number;
  /** The intensity of the game now. */
  readonly intensity: UnitInterval;
  readonly seed: number;
  /** The stems in play; default: those of the first. */
  readonly stems?: readonly Stem[];
  /** Those of them that play authored takes; default: none. */
  readonly authored?: readonly Stem[];
}

/**
 * Bars that lead from one mood to another, in the meter of the first. The harmony leaves its key by a
 * predominant and the dominant seventh of the key that comes, whose scale rules from there on, so that its
 * downbeat is an arrival; feeling and drive go over evenly, and the last bar is a fill.
 */
export function planBridge(request: BridgeRequest): PhrasePlan {
  const { from, to, bars, intensity, seed, authored = [] } = request;
  const stems = request.stems ?? STEMS.filter((stem) => from.stems[stem] !== undefined);
  const between = (a: number, b: number, bar: number): number => a + ((b - a) * (bar + 1)) / bars;
  const chords = bridgeChords(from.key, to.key, bars);
  const arrival = Math.max(0, bars - (bars === 2 ? 1 : 2));
  return {
    index: 0,
    role: "bridge",
    origin: { kind: "fresh" },
    stems,
    ...(authored.length === 0 ? {} : { authored }),
    seed: Math.floor(randomAt(seed, "bridge", hashText(from.name), hashText(to.name)) * 2 ** 31),
    bars: chords.map((pair, bar): BarPlan => {
      const drive = unitInterval(
        between((from.arousal + intensity) / 2, (to.arousal + intensity) / 2, bar),
      );
      return {
        meter: from.meter,
        tempo: from.tempo,
        key: from.key,
        ...(isSame(from.key, to.key) || bar < arrival ? {} : { modulatedTo: to.key }),
        chords: pair,
        role: bar === bars - 1 ? "fill" : "bridge",
        positionInPhrase: bar,
        intensity: drive,
        valence: between(from.valence, to.valence, bar),
        arousal: unitInterval(between(from.arousal, to.arousal, bar)),
        style: from.style,
        density: perStem((stem): Density => (stems.includes(stem) ? densityOf(drive) : 0)),
      };
    }),
  };
}

const isSame = (a: Key, b: Key): boolean => a.tonic === b.tonic && a.mode === b.mode;

/** Two chords a bar: the old tonic as long as there is room, then the fourth and the dominant of the new key. */
function bridgeChords(from: Key, to: Key, bars: number): readonly (readonly [Chord, Chord])[] {
  const carried = (chord: Chord): Chord => ({
    ...chord,
    root: (chord.root + to.tonic - from.tonic + 12) % 12,
  });
  const home = diatonicTriad(from.mode, 0);
  const away = diatonicTriad(from.mode, 5);
  const predominant = carried(diatonicTriad(to.mode, 3));
  const dominant = carried({ root: 7, quality: "dom7" });
  return Array.from({ length: bars }, (_, bar): readonly [Chord, Chord] => {
    const left = bars - 1 - bar;
    if (left === 0) return bars === 1 ? [predominant, dominant] : [dominant, dominant];
    if (left === 1) return bars === 2 ? [home, predominant] : [predominant, predominant];
    return bar % 2 === 0 ? [home, home] : [away, away];
  });
}

const densityOf = (drive: number): Density => (drive < 0.35 ? 1 : drive < 0.7 ? 2 : 3);
