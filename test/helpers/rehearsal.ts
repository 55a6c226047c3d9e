import type { Bank } from "../../engine/bank/bank.ts";
import type { PhraseTake } from "../../engine/composer/take.ts";
import type { ConductorEvents } from "../../engine/conductor/conductor-options.ts";
import { Conductor } from "../../engine/conductor/conductor.ts";
import type { Pcm } from "../../engine/conductor/cut-take.ts";
import type { Tally } from "../../engine/conductor/ledger.ts";
import { effective, Foresight } from "../../engine/conductor/foresight.ts";
import type { Playing, Rendering, Writing } from "../../engine/conductor/parts.ts";
import type { Accounts } from "../../engine/conductor/speculation.ts";
import type { Cue } from "../../engine/director/cue.ts";
import type { GameEvent } from "../../engine/director/event.ts";
import type { GenerationRequest } from "../../engine/generator/service.ts";
import { LIMITS, type Tier } from "../../engine/governor/tier.ts";
import type { Note } from "../../engine/music/note.ts";
import { perStem, type Stem } from "../../engine/music/stem.ts";
import { paletteNamed } from "../../engine/renderer-worker/palettes.ts";
import type { Score } from "../../engine/score/score.ts";
import { ticksPerBar } from "../../engine/time/meter.ts";
import { themesIn } from "../../engine/theme/carry.ts";
import { midiPitch, milliseconds, seconds, ticks, velocity } from "../../engine/time/units.ts";
import { smallBank } from "./bank.ts";

interface Played {
  readonly voice: string;
  readonly at: number;
  readonly frames: number;
  readonly left: Float32Array;
  /** When it was given to the player. */
  readonly handedOverAt: number;
}

export interface RehearsalOptions {
  readonly score: Score;
  readonly events: readonly GameEvent[];
  readonly until: number;
  /** Seconds between ticks. */
  readonly tick: number;
  /** Seconds that the generator takes for each answer; `undefined` is no generator. */
  readonly generatorDelay?: (count: number) => number;
  /** A generator that really writes, in place of one that only takes time: the clock waits for it. */
  readonly generator?: Pick<Writing, "generate" | "cancel">;
  /** Seconds that the renderer takes for each chunk. */
  readonly renderDelay?: number;
  /** What each chunk costs the renderer, as it says, in milliseconds. Default: 0, a quick one. */
  readonly renderCost?: number;
  /** Which requests end with an error. Default: none. */
  readonly generatorFails?: (request: GenerationRequest) => boolean;
  /** When the quality falls or rises; before the start: -1. */
  readonly tiers?: readonly { readonly at: number; readonly tier: Tier }[];
  /** Default: one phrase. */
  readonly bank?: Bank;
  /** Themes are read only when the opening is planned already, as those in files are. */
  readonly themesAreLate?: boolean;
  /** Authored takes by name, and when each is in memory; before the start: -1. */
  readonly takes?: Readonly<Record<string, { readonly at: number; readonly pcm: Pcm }>>;
}

export interface Rehearsal extends Accounts {
  readonly cues: readonly Cue[];
  readonly played: readonly Played[];
  readonly opened: readonly { voice: string; at: number; fade: number }[];
  /** `told`: which call to the player it was. */
  readonly closed: readonly { voice: string; at: number; fade: number; told: number }[];
  readonly reopened: readonly { voice: string; at: number; told: number }[];
  readonly ducks: readonly { name: string; at: number; until: number; by: number }[];
  readonly endedDucks: readonly { name: string; at: number }[];
  /** When each section was decided, by its index. */
  readonly decidedAt: readonly number[];
  readonly sources: readonly string[];
  readonly takes: readonly { readonly mood: string; readonly take: PhraseTake }[];
  /** Roles of the phrases whose notes came too late. */
  readonly overdue: readonly string[];
  /** What each phrase of each section plays, by `section.phrase`. */
  readonly settled: ReadonlyMap<string, PhraseTake>;
  readonly counts: Readonly<Record<string, number>>;
  /** All requests, by the names that the generator saw. */
  readonly asked: readonly string[];
  /** Requests that were withdrawn, and when. */
  readonly cancelled: readonly { readonly id: string; readonly at: number }[];
}

const SAMPLE_RATE = 8000;

/** In the bars where the stem is not absent. */
const onePerBar = ({ bars, mask }: GenerationRequest, stem: Stem): readonly Note[] =>
  bars.flatMap(({ meter }, bar) =>
    mask[bar]?.[stem] === "absent"
      ? []
      : [
          {
            at: ticks(bar * ticksPerBar(meter)),
            duration: ticks(1),
            pitch: midiPitch(62),
            velocity: velocity(80),
          },
        ],
  );

/** Plays a score on a made-up clock: the real conductor, with workers that only take time. */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  let now = 0;
  const cues: Cue[] = [];
  const played: Played[] = [];
  const opened: { voice: string; at: number; fade: number }[] = [];
  const closed: { voice: string; at: number; fade: number; told: number }[] = [];
  const reopened: { voice: string; at: number; told: number }[] = [];
  let told = 0;
  const ducks: { name: string; at: number; until: number; by: number }[] = [];
  const endedDucks: { name: string; at: number }[] = [];
  const decided: number[] = [];
  const sources: string[] = [];
  const takes: { mood: string; take: PhraseTake }[] = [];
  const overdue: string[] = [];
  const settled = new Map<string, PhraseTake>();
  const counts: Record<string, number> = {};
  const count = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const timers: { at: number; run: () => void }[] = [];
  const after = (delay: number): Promise<void> =>
    new Promise((run) => timers.push({ at: now + delay, run }));

  const playing: Playing = {
    sampleRate: SAMPLE_RATE,
    open: (voice, { at, fade }) => opened.push({ voice, at: Math.max(at, now), fade }),
    play: (voice, { left }, at) => {
      played.push({ voice, at, frames: left.length, left, handedOverAt: now });
      if (at + left.length / SAMPLE_RATE <= now) return "missed";
      return at < now ? "late" : "scheduled";
    },
    close: (voice, { at, fade }) =>
      closed.push({ voice, at: Math.max(at, now), fade, told: (told += 1) }),
    setLevel: () => count("levels"),
    dip: () => count("dips"),
    setDipDepth: () => count("dip depths"),
    reopen: (voice, { at }) => {
      const shut = closed.findLast((each) => each.voice === voice);
      const isHeard = shut !== undefined && at < shut.at + shut.fade;
      if (isHeard) reopened.push({ voice, at, told: (told += 1) });
      return isHeard;
    },
    setColour: () => count("colours"),
    duck: (name, options) => ducks.push({ name, ...options }),
    endDuck: (name, at) => endedDucks.push({ name, at }),
  };
  const rendering: Rendering = {
    render: async ({ take, from, to }) => {
      await after(options.renderDelay ?? 0.01);
      count("rendered");
      const silence = new Float32Array(to - from);
      return {
        take,
        from,
        to,
        left: silence,
        right: silence,
        cost: milliseconds(options.renderCost ?? 0),
      };
    },
    release: () => count("released"),
    recycle: () => undefined,
  };
  let requests = 0;
  const { generatorDelay, generatorFails = () => false } = options;
  const asked: string[] = [];
  const cancelled = new Map<string, number>();
  const writing: Writing | undefined = generatorDelay && {
    generate: async (request) => {
      requests += 1;
      asked.push(request.id);
      const fails = generatorFails(request);
      await after(generatorDelay(requests));
      if (fails) throw new Error("no luck");
      const isCancelled = cancelled.has(request.id);
      return {
        id: request.id,
        outcome: isCancelled ? "cancelled" : "written",
        notes: perStem((stem) => (isCancelled ? [] : onePerBar(request, stem))),
        backend: "wasm",
        passes: request.passes,
        elapsed: milliseconds(1),
        queued: milliseconds(0),
      };
    },
    cancel: (id) => {
      count("cancelled");
      cancelled.set(id, now);
    },
    revise: () => count("revised"),
    rest: () => undefined,
  };
  const { generator } = options;
  const unanswered = new Set<Promise<unknown>>();
  const reallyWriting: Writing | undefined = generator && {
    generate: (request) => {
      asked.push(request.id);
      const answer = generator.generate(request);
      const settled = answer.catch(() => undefined).finally(() => unanswered.delete(settled));
      unanswered.add(settled);
      return answer;
    },
    cancel: (id) => generator.cancel(id),
    revise: () => count("revised"),
    rest: () => undefined,
  };
  const events: ConductorEvents = {
    cue: (cue) => {
      cues.push(cue);
      if (cue.kind === "section") decided.push(now);
    },
    reopened: () => count("reopened"),
    taken: ({ section, index, authored }, take) => {
      const names = [...authored].map(([stem, { spec }]) => ` ${stem}:${spec.name}`);
      sources.push(`${section.mood.name} ${index} ${take.source}${names.join("")}`);
      takes.push({ mood: section.mood.name, take });
    },
    stingerTaken: ({ stinger }, take) => {
      if (take !== undefined) takes.push({ mood: stinger.name, take });
      sources.push(`stinger ${stinger.name} ${take?.source ?? "authored"}`);
    },
    writtenLate: ({ plan }) => {
      count("writtenLate");
      overdue.push(plan.role);
    },
    outOfTempo: () => count("outOfTempo"),
    notInMemory: () => count("notInMemory"),
    problem: () => count("problems"),
    missedSyncPoints: (by) => {
      counts["missed"] = (counts["missed"] ?? 0) + by;
    },
    answered: () => count("answered"),
    failed: () => count("failed"),
    late: (outcome) => count(outcome),
    renderFailed: () => count("renderFailed"),
  };
  const conductor = new Conductor({
    pcmBudget: 0,
    score: options.score,
    seed: 1,
    bank: options.bank ?? smallBank,
    playing,
    paletteNamed,
    wallClock: () => milliseconds(now * 1000),
    events,
  });
  const readThemes = (): void => {
    for (const [name, theme] of themesIn(options.score.themes)) conductor.addTheme(name, theme);
  };
  if (options.themesAreLate !== true) readThemes();
  conductor.rendering = rendering;
  conductor.writing = reallyWriting ?? writing;

  const settle = async (): Promise<void> => {
    while (unanswered.size > 0) await Promise.all(unanswered);
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  };
  const waitUntil = async (time: number): Promise<void> => {
    for (;;) {
      const due = timers.filter(({ at }) => at <= time).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      timers.splice(timers.indexOf(due), 1);
      now = Math.max(now, due.at);
      due.run();
      await settle();
    }
    now = time;
  };

  const given = { events: 0, takes: Object.entries(options.takes ?? {}) };
  const giveTakes = (time: number): void => {
    for (const [name, { at, pcm }] of given.takes) if (at <= time) conductor.addTake(name, pcm);
    given.takes = given.takes.filter(([, { at }]) => at > time);
  };
  giveTakes(-1);
  const tiers = [...(options.tiers ?? [])];
  const limitAt = (time: number): void => {
    for (; tiers[0] !== undefined && tiers[0].at <= time; tiers.shift()) {
      conductor.limits = LIMITS[tiers[0].tier];
    }
  };
  limitAt(-1);
  if (options.themesAreLate === true) {
    conductor.prepareOpening();
    await waitUntil(now + 0.02);
    readThemes();
  }
  for (let turn = 0; !conductor.prepareOpening() && turn < 50; turn += 1) {
    await waitUntil(now + 0.02);
  }
  const origin = now;
  const foresight = new Foresight();
  conductor.begin(seconds(Math.ceil(origin * SAMPLE_RATE) / SAMPLE_RATE));
  for (let tick = 0; tick * options.tick <= options.until; tick += 1) {
    const time = tick * options.tick;
    await waitUntil(origin + time);
    const due = options.events.slice(given.events).filter(({ at }) => at <= time);
    given.events += due.length;
    giveTakes(time);
    limitAt(time);
    const { upTo, since } = foresight.look(seconds(time));
    conductor.tick(seconds(time), effective(due, since), upTo);
    for (const { cue, phrases } of conductor.sections) {
      for (const { index, take } of phrases) if (take) settled.set(`${cue.index}.${index}`, take);
    }
    await settle();
  }
  const fromOrigin = <Timed extends { at: number }>(list: readonly Timed[]): readonly Timed[] =>
    list.map((item) => ({ ...item, at: item.at - origin }));
  return {
    cues,
    played: fromOrigin(played).map((chunk) => ({
      ...chunk,
      handedOverAt: chunk.handedOverAt - origin,
    })),
    opened: fromOrigin(opened),
    closed: fromOrigin(closed),
    reopened: fromOrigin(reopened),
    ducks: fromOrigin(ducks).map((duck) => ({ ...duck, until: duck.until - origin })),
    endedDucks: fromOrigin(endedDucks),
    decidedAt: decided.map((at) => at - origin),
    sources,
    takes,
    overdue,
    settled,
    counts,
    ...conductor.accounts,
    asked,
    cancelled: [...cancelled].map(([id, at]) => ({ id, at: at - origin })),
  };
}

/** What does not add up in an account; empty when all does. */
export function imbalances(tally: Tally): readonly string[] {
  const { requested, open, onTime, committedEarly, late, cancelled, failed } = tally;
  const delivered = onTime + committedEarly + late;
  const found = tally.waiting + tally.used + tally.kept + tally.wasted;
  return [
    ...(requested === open + delivered + cancelled + failed ? [] : ["requests"]),
    ...(delivered === found ? [] : ["takes"]),
    ...Object.entries(tally).flatMap(([name, count]) => (count < 0 ? [name] : [])),
  ];
}
