import type { PhrasePlan } from "../composer/phrase-plan.ts";
import type { PhraseTake } from "../composer/take.ts";
import type { SectionCue } from "../director/cue.ts";
import type { Mood } from "../score/score.ts";
import { seconds } from "../time/units.ts";
import { createPhrase, type Phrase } from "./phrase.ts";

export interface Preparing {
  readonly name: string;
  readonly mood: Mood;
  readonly visit: number;
  readonly palette: string;
  readonly plan: PhrasePlan;
  readonly take: PhraseTake;
  readonly index?: number;
}

/** A phrase of a section that nobody has decided upon: in the mood's own tempo, and from no moment on. */
export function preparedPhrase(preparing: Preparing): Phrase {
  const { name, mood, visit, palette, plan, take, index = 0 } = preparing;
  const section: SectionCue = {
    kind: "section",
    startsAt: seconds(0),
    entersAt: seconds(0),
    cause: "opening",
    stretch: 1,
    scale: 1,
    bridge: undefined,
    tempo: mood.tempo,
    meter: mood.meter,
    index: -1,
    visit,
    mood,
    location: undefined,
    palette,
    fade: seconds(0),
    transition: undefined,
  };
  const phrase = createPhrase(section, { index }, plan);
  return { ...phrase, name: `${name} ${take.source}`, take };
}
