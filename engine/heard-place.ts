import type { Conductor } from "./conductor/conductor.ts";
import type { SectionCue } from "./director/cue.ts";
import { phraseBars } from "./director/tempo.ts";
import type { Position } from "./soundtrack-interface.ts";
import { beatsPerBar } from "./time/meter.ts";
import { barsUntil, positionAt } from "./time/section.ts";
import { unitInterval, type Seconds, type UnitInterval } from "./time/units.ts";

type Music = Pick<Conductor, "sectionAt">;

/** How far the beat, bar or phrase of a moment has gone; 0 before the music begins, and for any other unit. */
export function phaseAt(
  music: Music,
  heard: Seconds,
  unit: "beat" | "bar" | "phrase",
): UnitInterval {
  const section = music.sectionAt(heard);
  if (section === undefined) return unitInterval(0);
  const bars = Math.max(0, barsUntil(section, heard));
  return unitInterval((bars / barsIn(unit, section)) % 1);
}

/** A game that is not typed may ask for anything: compared, and not looked up, it cannot throw. */
function barsIn(unit: "beat" | "bar" | "phrase", section: SectionCue): number {
  if (unit === "beat") return 1 / beatsPerBar(section.meter);
  if (unit === "bar") return 1;
  return unit === "phrase" ? phraseBars(section) : Infinity;
}

/** Where in its tune the music is at a moment; `opening` names the mood before it begins. */
export function placeAt(music: Music, time: Seconds, opening: string): Position {
  const section = music.sectionAt(time);
  if (section === undefined) return { mood: opening, bar: 0, beat: 0, time };
  const { bar, beat } = positionAt(section, time);
  return { mood: section.mood.name, bar: Math.max(0, bar), beat, time };
}
