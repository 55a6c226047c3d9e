import type { Score } from "../score/score.ts";
import { decibels, seconds, unitInterval, type Seconds } from "../time/units.ts";
import type { Placing } from "./event.ts";
import { lookupOf } from "./lookup.ts";
import { locationNamed } from "./places.ts";
import { locationFrom, whatSounds } from "./restore-sections.ts";
import { rulesByName, type SavedDirector } from "./save.ts";
import { createDirectorState, type DirectorState } from "./state.ts";
import { CONTROL_PERIOD } from "./timing.ts";

/**
 * The state that was saved at `time`: from the same score the same decisions follow. Of an edited score,
 * what it no longer has is left out: its signals, rules and stingers begin anew, a mood whose meter, tempo
 * or phrase is another goes on at the same bar, and where the mood is gone the score decides.
 */
export function restoreDirector(score: Score, saved: SavedDirector, time: Seconds): DirectorState {
  const fresh = createDirectorState(score);
  const { moods, stingers } = lookupOf(score);
  const known = Object.entries(saved.weights).filter(([name]) => locationNamed(score, name));
  return {
    ...fresh,
    // Music that had not begun begins with the first.
    controlPoints:
      saved.section === null ? Math.ceil(time / CONTROL_PERIOD) : controlPointsUntil(time),
    signals: signalsFrom(fresh, saved),
    location: locationFrom(score, saved.location),
    weights: known.length > 0 ? Object.fromEntries(known) : fresh.weights,
    rules: rulesFrom(score, fresh, saved),
    holds: saved.holds
      .filter(({ mood }) => moods.has(mood))
      .map(({ lasts, since, ...held }) => ({
        ...held,
        lasts: lasts === null ? undefined : seconds(lasts),
        since: since === null ? undefined : seconds(since),
      })),
    ...whatSounds(score, saved, time),
    visits: Object.fromEntries(Object.entries(saved.visits).filter(([name]) => moods.has(name))),
    left: Object.fromEntries(Object.entries(saved.left).filter(([name]) => moods.has(name))),
    stingers: {
      count: saved.stingers.count,
      waiting: saved.stingers.waiting
        .filter(({ name }) => stingers.has(name))
        .map(({ name, at, placing }) => ({ name, at: seconds(at), placing: placingFrom(placing) })),
      sounding: saved.stingers.sounding
        .filter(({ name }) => stingers.has(name))
        .map(({ id, name, from, until, cut, placing }) => ({
          id,
          name,
          from: seconds(from),
          until: seconds(until),
          cut: cut === undefined ? undefined : seconds(cut),
          placing: placingFrom(placing),
        })),
      began: Object.fromEntries(
        Object.entries(saved.stingers.began)
          .filter(([name]) => stingers.has(name))
          .map(([name, at]) => [name, seconds(at)]),
      ),
    },
    hits: saved.hits.map(({ name, time: wanted, strength }) => ({
      name,
      time: seconds(wanted),
      strength: unitInterval(strength),
    })),
    scale: saved.scale,
    missedSyncPoints: saved.missedSyncPoints,
  };
}

const placingFrom = (
  saved: SavedDirector["stingers"]["waiting"][number]["placing"],
): Placing | undefined => saved && { pan: saved.pan, level: decibels(saved.level) };

/** How many control points lie at or before a moment: all of them were done when it was saved. */
function controlPointsUntil(time: Seconds): number {
  let count = Math.max(0, Math.floor(time / CONTROL_PERIOD) - 1);
  while (count * CONTROL_PERIOD <= time) count += 1;
  return count;
}

const signalsFrom = (fresh: DirectorState, saved: SavedDirector): DirectorState["signals"] =>
  new Map(
    [...fresh.signals].map(([name, signal]) => {
      const was = Object.hasOwn(saved.signals, name) ? saved.signals[name] : undefined;
      if (was === undefined) return [name, signal];
      const [low, high] = signal.spec.range;
      const within = (value: number): number => Math.max(low, Math.min(high, value));
      return [
        name,
        {
          ...signal,
          anchor: within(was.anchor),
          anchoredAt: seconds(was.anchoredAt),
          target: within(was.target),
        },
      ];
    }),
  );

function rulesFrom(
  score: Score,
  fresh: DirectorState,
  saved: SavedDirector,
): DirectorState["rules"] {
  const byName = new Map(saved.rules.map((rule) => [rule.rule, rule]));
  return rulesByName(score).map((name, index) => {
    const was = byName.get(name);
    if (was !== undefined) return { holds: was.holds, freeFrom: seconds(was.freeFrom) };
    return fresh.rules[index] ?? { holds: false, freeFrom: seconds(0) };
  });
}
