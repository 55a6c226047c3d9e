export { attachSoundtrack, type AttachOptions, type SoundtrackAttachment } from "./attach.ts";
export { audioContextOf } from "./audio-context.ts";
export { actOn, pulseOn, type PulseOptions } from "./beats.ts";
export {
  intensityFrom,
  lost,
  recentDamage,
  speedOf,
  threatNear,
  type IntensityParts,
  type RecentDamage,
  type Share,
  type ThreatOptions,
} from "./intensity.ts";
export { placeStingers, type PlaceStingersOptions } from "./place-stingers.ts";
export type { Position } from "./position.ts";
export type { SignalSource } from "./probes.ts";
export type { Zone } from "./zone.ts";
