import { planPhrase } from "../../../engine/composer/phrase-plan.ts";
import type { Writing } from "../../../engine/conductor/parts.ts";
import { tuneName } from "../../../engine/conductor/songbook.ts";
import type { GenerationRequest, StemMask } from "../../../engine/generator/service.ts";
import { perStem, type PerStem } from "../../../engine/music/stem.ts";
import type { Mood } from "../../../engine/score/score.ts";
import { unitInterval } from "../../../engine/time/units.ts";

/** Where a track of one mood ends. */
export interface Ending {
  readonly mood: Mood;
  /** Of the phrase that holds the last bar, and of that bar within it. */
  readonly phrase: number;
  readonly bar: number;
  /** Whether its last bars come home; a loop goes on to its beginning. */
  readonly comesHome: boolean;
}

/**
 * A game's music never ends, so the conductor asks for no ending: a track has its last bars come home, and
 * what would follow is never answered.
 */
export const withEnding = (writing: Writing, ending: Ending): Writing => ({
  ...writing,
  generate: (request) => {
    const phrase = phraseOf(request, ending);
    if (phrase !== undefined && phrase > ending.phrase) return new Promise(() => undefined);
    const isLast = phrase === ending.phrase && ending.comesHome;
    return writing.generate(isLast ? ended(request, ending) : request);
  },
});

/** Which phrase is asked for, by the names that the conductor gives; the first comes prepared, under another. */
function phraseOf({ id }: GenerationRequest, { mood }: Ending): number | undefined {
  const tune = tuneName(mood.name, 0);
  if (id.startsWith(`entry ${tune} (`)) return 0;
  if (!id.startsWith(`${tune}:`)) return undefined;
  return Number.parseInt(id.slice(tune.length + 1), 10);
}

/** The last bar on the tonic, in the shape that the composer gives endings; the bar before leads there. */
function ended(request: GenerationRequest, { mood, phrase, bar }: Ending): GenerationRequest {
  const isWritten = (stems: PerStem<StemMask>): boolean =>
    Object.values(stems).some((mask) => mask !== "keep" && mask !== "absent");
  const first = request.mask.findIndex(isWritten);
  const plan = planPhrase({
    mood,
    visit: 0,
    index: phrase,
    intensity: request.bars[first]?.intensity ?? unitInterval(mood.arousal),
    seed: request.seed,
    length: bar + 1,
    ending: "cadence",
  });
  const last = first + bar;
  const [before, end] = [plan.bars[bar - 1], plan.bars[bar]];
  return {
    ...request,
    bars: request.bars.map((each, index) => {
      if (index === last && end !== undefined) return end;
      const leads = index === last - 1 && bar > 0 && before !== undefined;
      return leads ? { ...each, chords: before.chords } : each;
    }),
    mask: request.mask.map((stems, index) => {
      const leads = index === last - 1 && bar > 0;
      return perStem((stem): StemMask => {
        const isHarmony = stem === "harmony" || stem === "bass";
        const isNew = index === last || (leads && isHarmony);
        return stems[stem] !== "absent" && isNew ? "write" : stems[stem];
      });
    }),
  };
}
