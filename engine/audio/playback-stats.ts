import { seconds, type Seconds } from "../time/units.ts";

/** What the browser counts of a context's way to the device, since the context was made. */
export interface PlaybackStats {
  /** How often the device had nothing to play, as the audio thread came too late. */
  readonly underruns: number;
  /** For how long in all. */
  readonly underrunTime: Seconds;
  /** How long the device has played in all. */
  readonly playedTime: Seconds;
  /** From the context to the loudspeaker, on average and at most. */
  readonly latency: Seconds;
  readonly latencyMost: Seconds;
}

/**
 * `AudioContext.playbackStats` of the Web Audio specification, where the browser has it: Chromium since 2025.
 * Undefined elsewhere.
 */
export function playbackOf(context: AudioContext): PlaybackStats | undefined {
  const stats: unknown = "playbackStats" in context ? context.playbackStats : undefined;
  if (typeof stats !== "object" || stats === null) return undefined;
  const read = (name: string): number => {
    const value: unknown = Reflect.get(stats, name);
    return typeof value === "number" ? value : 0;
  };
  return {
    underruns: read("underrunEvents"),
    underrunTime: seconds(read("underrunDuration")),
    playedTime: seconds(read("totalDuration")),
    latency: seconds(read("averageLatency")),
    latencyMost: seconds(read("maximumLatency")),
  };
}
