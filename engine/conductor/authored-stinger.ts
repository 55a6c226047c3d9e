import { planStinger } from "../composer/stinger-plan.ts";
import type { SectionCue, StingerCue } from "../director/cue.ts";
import type { Stem } from "../music/stem.ts";
import type { TakeSpec } from "../score/score.ts";
import { ticksPerBar } from "../time/meter.ts";
import { secondsOf } from "../time/section.ts";
import { seconds } from "../time/units.ts";
import type { LoadedTake } from "./cut-take.ts";
import { settingOf, type Phrase } from "./phrase.ts";

/** The stem under whose name the take sounds. */
const CARRIER: Stem = "melody";

/** Names a stinger's voices, which are not ducked. */
export const keyOf = ({ id }: StingerCue): string => `stinger:${id}`;

/**
 * A stinger that plays its take once, in the take's own tempo and meter whatever the music's are, so that
 * every sample is that of the file: its bar 0 falls on the sync point, its pickup before that, and its tail
 * counts as bars.
 */
export function authoredStinger(cue: StingerCue, section: SectionCue, take: LoadedTake): Phrase {
  const { id, at, stinger } = cue;
  const spec = playedOnce(take.spec);
  const { tempo, meter, bars } = spec;
  const terms = { mood: { ...section.mood, tempo, meter }, stinger, count: 0, seed: 0 };
  const plan = planStinger({
    ...terms,
    stinger: { ...stinger, bars, stems: [CARRIER] },
    theme: undefined,
  });
  return {
    section,
    setting: {
      ...settingOf(section),
      key: keyOf(cue),
      startsAt: at,
      entersAt: at,
      tempo,
      meter,
      ramp: undefined,
      fade: seconds(0),
    },
    firstBar: 0,
    index: 0,
    plan,
    name: `stinger ${id}`,
    take: undefined,
    authored: new Map([[CARRIER, { spec, pcm: take.pcm }]]),
    ahead: new Map(),
    handled: new Set(),
  };
}

function playedOnce(spec: TakeSpec): TakeSpec {
  const barSeconds = secondsOf(ticksPerBar(spec.meter), spec.tempo);
  const bars = spec.bars + Math.ceil(spec.tail / barSeconds);
  return { ...spec, bars, loop: [0, bars], tail: seconds(0) };
}
