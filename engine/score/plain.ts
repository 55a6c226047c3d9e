import { decibels, unitInterval } from "../time/units.ts";
import type { Colour } from "./score.ts";

/** The sound of a place that says nothing of it. */
export const PLAIN: Colour = {
  room: undefined,
  brightness: unitInterval(1),
  level: decibels(0),
};
