import type { Look } from "../../engine/conductor/foresight.ts";
import { Conductor } from "../../engine/conductor/conductor.ts";
import type { Playing, Rendering, Writing } from "../../engine/conductor/parts.ts";
import { createEmitter, type Emitter } from "../../engine/emitter.ts";
import { GameLog } from "../../engine/game-log.ts";
import { Inbox } from "../../engine/inbox.ts";
import { perStem } from "../../engine/music/stem.ts";
import { conductorEvents } from "../../engine/public-events.ts";
import { FlightRecorder } from "../../engine/recorder.ts";
import { openSave } from "../../engine/open-save.ts";
import { paletteNamed } from "../../engine/renderer-worker/palettes.ts";
import { Reporter } from "../../engine/reporter.ts";
import type { SavedMusic } from "../../engine/saved-music.ts";
import type { Score } from "../../engine/score/score.ts";
import { createGeneratorRecord } from "../../engine/snapshot.ts";
import type { SoundtrackEvents } from "../../engine/soundtrack-interface.ts";
import { midiPitch, milliseconds, seconds, ticks, velocity } from "../../engine/time/units.ts";
import { smallBank } from "./bank.ts";

const SAMPLE_RATE = 8000;

export interface Session {
  readonly log: GameLog;
  readonly inbox: Inbox;
  readonly recorder: FlightRecorder;
  readonly conductor: Conductor;
  readonly reporter: Reporter;
  /** What the game was told, by kind. */
  readonly told: readonly { readonly kind: string; readonly event: object }[];
  /** Takes that the renderer keeps a synthesiser for. */
  readonly held: ReadonlySet<string>;
  /** When each request of the renderer was made, by take. */
  readonly rendered: readonly { readonly at: number; readonly take: string }[];
  readonly cancelled: readonly string[];
  /** Seconds of the music, which a session moves by itself. */
  now: number;
  /** Has a listener hear what the game is told. */
  readonly on: Emitter<SoundtrackEvents>["on"];
  /** Ticks on until a moment; the game acts before each tick. */
  play(until: number, game?: (now: number) => void, tick?: number): Promise<void>;
  /** Goes on from a save, as a soundtrack does. */
  restore(saved: SavedMusic): void;
}

/** A soundtrack without a page: all that decides and remembers, with workers that answer at once. */
export function session(
  score: Score,
  { hasModel = false, seed = 1 }: { hasModel?: boolean; seed?: number } = {},
): Session {
  const told: { kind: string; event: object }[] = [];
  const held = new Set<string>();
  const rendered: { at: number; take: string }[] = [];
  const cancelled: string[] = [];
  const emitter = createEmitter<SoundtrackEvents>(() => undefined);
  const kinds = ["mood", "transition", "stinger", "hit", "take", "warning", "fault"] as const;
  for (const kind of kinds) emitter.on(kind, (event) => told.push({ kind, event }));
  const reporter = new Reporter(emitter);
  const recorder = new FlightRecorder(score, seed);
  const inbox = new Inbox(score, reporter);
  const conductor = new Conductor({
    pcmBudget: 0,
    score,
    seed,
    bank: smallBank,
    playing: silent,
    paletteNamed,
    wallClock: () => milliseconds(self.now * 1000),
    events: conductorEvents({
      emitter,
      reporter,
      audibleAt: (time) => time,
      generator: createGeneratorRecord(),
      recorder,
    }),
  });
  const rendering: Rendering = {
    render: async ({ take, from, to }) => {
      held.add(take);
      rendered.push({ at: self.now, take });
      const silence = new Float32Array(Math.max(0, to - from));
      return { take, from, to, left: silence, right: silence, cost: milliseconds(0) };
    },
    release: (take) => held.delete(take),
    recycle: () => undefined,
  };
  conductor.rendering = rendering;
  if (hasModel) conductor.writing = writer(cancelled);
  const log = new GameLog({ score, seed, conductor, inbox, recorder, reporter });
  const self: Session = {
    log,
    inbox,
    recorder,
    conductor,
    reporter,
    told,
    held,
    rendered,
    cancelled,
    now: 0,
    on: emitter.on,
    async play(until, game = () => undefined, tick = 0.1) {
      while (self.now + tick <= until + 1e-9) {
        self.now = Math.round((self.now + tick) * 1e6) / 1e6;
        game(self.now);
        emitter.together(() => log.tick(lookAt(self.now)));
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    restore(saved) {
      log.restore(openSave(score, saved), seconds(self.now));
      self.now = saved.time;
      conductor.begin(seconds(0));
    },
  };
  return self;
}

/** A look at the clock that foresees nothing, as when looks come often. */
export const lookAt = (time: number): Look => ({
  now: seconds(time),
  upTo: seconds(time),
  since: seconds(-Infinity),
});

const silent: Playing = {
  sampleRate: SAMPLE_RATE,
  open: () => undefined,
  play: () => "scheduled",
  close: () => undefined,
  setLevel: () => undefined,
  dip: () => undefined,
  setDipDepth: () => undefined,
  reopen: () => true,
  setColour: () => undefined,
  duck: () => undefined,
  endDuck: () => undefined,
};

/** Writes other notes for every request. */
function writer(cancelled: string[]): Writing {
  let requests = 0;
  return {
    generate: async ({ id, passes }) => {
      requests += 1;
      const note = {
        at: ticks(0),
        duration: ticks(480),
        pitch: midiPitch(40 + (requests % 40)),
        velocity: velocity(1 + (requests % 100)),
      };
      return {
        id,
        outcome: "written",
        notes: perStem(() => [note]),
        backend: "wasm",
        passes,
        elapsed: milliseconds(1),
        queued: milliseconds(0),
      };
    },
    cancel: (id) => cancelled.push(id),
    revise: () => undefined,
    rest: () => undefined,
  };
}
