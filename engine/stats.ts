import { playbackOf } from "./audio/playback-stats.ts";
import type { Tally } from "./conductor/ledger.ts";
import type { Accounts } from "./conductor/speculation.ts";
import type { Tier } from "./governor/tier.ts";
import { perStem, type PerStem } from "./music/stem.ts";
import type { GeneratorRecord } from "./snapshot.ts";
import type { SoundtrackStats } from "./soundtrack-interface.ts";

export interface StatsParts {
  readonly accounts: Accounts;
  readonly generator: GeneratorRecord;
  readonly counters: Readonly<Record<string, number>>;
  readonly tier: Tier;
  readonly context: AudioContext;
  /** Frames of stereo PCM that are with the player. */
  readonly playing: number;
}

/** Of a frame in stereo. */
const BYTES = 2 * Float32Array.BYTES_PER_ELEMENT;

/** Numbers for telemetry: one flat object; what is larger is made only where it is read. */
export function takeStats(parts: StatsParts): SoundtrackStats {
  const { accounts, generator, counters, tier, context, playing } = parts;
  const { ledger, changes, budget, pcm } = accounts;
  const { total } = ledger;
  const { hits, unwritten, misses } = changes;
  const { spent, redeemed } = budget.totals;
  const all = hits + unwritten + misses;
  return {
    tier,
    generator: generator.state,
    backend: generator.backend,
    passTime: generator.passTime,
    marginLeast: generator.margins.least,
    marginMedian: generator.margins.median,
    requested: total.requested,
    open: total.open,
    onTime: total.onTime,
    committedEarly: total.committedEarly,
    late: total.late,
    cancelled: total.cancelled,
    failed: total.failed,
    waiting: total.waiting,
    used: total.used,
    kept: total.kept,
    wasted: total.wasted,
    hits,
    unwritten,
    misses,
    hitRate: all === 0 ? undefined : hits / all,
    speculated: spent,
    speculatedForNothing: spent - redeemed,
    chunksRendered: pcm.rendered,
    chunksReused: pcm.reused,
    pcmKept: pcm.kept,
    pcmBudget: pcm.budget,
    pcmPlaying: playing * BYTES,
    get byMood() {
      return copied(ledger.byMood);
    },
    get faults() {
      return countedAs("fault-", counters);
    },
    get audio() {
      return countedAs("audio-", counters);
    },
    get playback() {
      return playbackOf(context);
    },
  };
}

/** The counters whose names begin so, without that beginning. */
const countedAs = (
  kind: string,
  counters: StatsParts["counters"],
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(counters)
      .filter(([name]) => name.startsWith(kind))
      .map(([name, count]) => [name.slice(kind.length), count]),
  );

const copied = (
  byMood: ReadonlyMap<string, PerStem<Tally>>,
): Readonly<Record<string, PerStem<Tally>>> =>
  Object.fromEntries(
    [...byMood].map(([mood, counts]) => [mood, perStem((stem) => ({ ...counts[stem] }))]),
  );
