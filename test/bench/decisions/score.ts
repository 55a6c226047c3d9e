import type { AuthoredMood, AuthoredRule } from "../../../engine/score/authored.ts";
import { complete } from "../../../engine/score/complete.ts";
import type { Condition } from "../../../engine/score/condition.ts";
import type { Score } from "../../../engine/score/score.ts";
import { seconds, unitInterval } from "../../../engine/time/units.ts";

/** So many moods inherit from the first of them. */
const FAMILY = 10;
/** In this share of the rules the player is nearly dead, in whatever place. */
const DYING_EVERY = 5;
/** Different thresholds and priorities of the rules. */
const LEVELS = 4;
const PALETTES = ["plucked", "glass"] as const;

/**
 * A game of so many moods: as many rules, transitions and stingers, and one place more, so that even
 * with a single mood there is somewhere to go. Made past the checks, which allow 256 of each.
 */
export function scoreOf(moods: number): Score {
  const indices = Array.from({ length: moods }, (_, index) => index);
  const moodName = (index: number): string => `mood-${index % moods}`;
  const places = [...indices, moods].map((index) => [
    placeName(index),
    { palette: PALETTES[index % PALETTES.length], mood: moodName(index) },
  ]);
  return complete(
    {
      signals: { threat: {}, health: { initial: 1 } },
      moods: Object.fromEntries(indices.map((index) => [moodName(index), moodAt(index, moodName)])),
      locations: Object.fromEntries(places),
      stingers: Object.fromEntries(indices.map((index) => [`stinger-${index}`, {}])),
      rules: indices.map((index) => ruleAt(index, moodName(index + 1))),
      transitions: indices.map((index) => ({
        from: [moodName(index)],
        to: [moodName(index + 1)],
        at: "beat" as const,
      })),
    },
    PALETTES[0],
  );
}

const placeName = (index: number): string => `place-${index}`;

const moodAt = (index: number, moodName: (index: number) => string): AuthoredMood => ({
  arousal: unitInterval((index % FAMILY) / FAMILY),
  stems: {
    melody: unitInterval(0),
    counter: unitInterval(0.4),
    harmony: unitInterval(0),
    bass: unitInterval(0),
    drums: unitInterval(0.6),
  },
  inherit: index % FAMILY === 0 ? undefined : moodName(index - (index % FAMILY)),
});

/** Danger, with hysteresis, in a place of its own or for a player who is nearly dead. */
function ruleAt(index: number, mood: string): AuthoredRule {
  const level = index % LEVELS;
  const where: Condition =
    index % DYING_EVERY === DYING_EVERY - 1
      ? { kind: "signal", signal: "health", comparison: "<", value: 0.1 + level / 20 }
      : { kind: "location", location: placeName(index) };
  const threat = (value: number): Condition => ({
    kind: "all",
    of: [{ kind: "signal", signal: "threat", comparison: ">", value }, where],
  });
  return {
    when: threat(0.6 + level / 20),
    until: { kind: "not", of: threat(0.4 + level / 20) },
    mood,
    for: { value: 1, unit: "bars" },
    cooldown: seconds(1),
    priority: level,
  };
}
