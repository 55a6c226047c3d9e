import { assetsFrom } from "./assets.ts";
import { createPlayer, type Player } from "./audio/player.ts";
import { shippedBank } from "./bank/shipped.ts";
import type { Announcer } from "./conductor/announcer.ts";
import { checkOptions } from "./check-options.ts";
import { Conductor } from "./conductor/conductor.ts";
import { createEmitter, type Emitter } from "./emitter.ts";
import { employCrew, type CrewMember } from "./crew.ts";
import type { GameEvent } from "./director/event.ts";
import { restoreDirector } from "./director/save.ts";
import { scoreFrom, type GivenScore } from "./given-score.ts";
import { phaseAt, placeAt } from "./heard-place.ts";
import { Inbox } from "./inbox.ts";
import { paletteNamed } from "./renderer-worker/palettes.ts";
import { announcer, conductorEvents } from "./public-events.ts";
import type { Score } from "./score/score.ts";
import { MusicClock } from "./music-clock.ts";
import { FlightRecorder, type Recording } from "./recorder.ts";
import { Reporter } from "./reporter.ts";
import { SaveError, saveMusic, takesOf, type Checkpoint, type SavedMusic } from "./saved-music.ts";
import { readScoreFiles } from "./score-files.ts";
import { QualityKeeper } from "./quality.ts";
import { createGeneratorRecord, takeSnapshot } from "./snapshot.ts";
import { takeStats } from "./stats.ts";
import type {
  Held,
  HitOptions,
  HitPoint,
  HoldOptions,
  Position,
  Quality,
  Soundtrack,
  SoundtrackEvents,
  SoundtrackOptions,
  SoundtrackSnapshot,
  SoundtrackStats,
} from "./soundtrack-interface.ts";
import { decibels, milliseconds, seconds, type Seconds, type UnitInterval } from "./time/units.ts";

/** Between two looks at the clock. Decisions fall on the director's own grid, whatever this is. */
const TICK_MS = 40;
/** Recorded for what the game set before the music began. */
const BEFORE_START = seconds(-1);

/**
 * Makes a soundtrack. Plays nothing yet and waits for nothing heavy: instruments and model load in the
 * background. Throws `ScoreError` for a score with mistakes, `RangeError` for a seed that is no whole number
 * or a model or quality that there is not, and `SaveError` for a `replay` that is no recording.
 *
 * @example
 * const music = await createSoundtrack({ score });
 * button.onclick = () => music.start();
 * music.set("intensity", 0.7);
 */
export async function createSoundtrack(options: SoundtrackOptions): Promise<Soundtrack> {
  await checkOptions(options);
  const { seed = options.replay?.seed ?? 1 } = options;
  return new PlayingSoundtrack(await scoreFrom(options.score), seed, options);
}

/** The composition root: wires signals, director, composer, workers and player together. */
class PlayingSoundtrack implements Soundtrack {
  readonly #score: Score;
  readonly #seed: number;
  readonly #player: Player = createPlayer();
  readonly #clock = new MusicClock(this.#player);
  readonly #emitter: Emitter<SoundtrackEvents>;
  readonly #reporter: Reporter;
  readonly #recorder: FlightRecorder;
  readonly #inbox: Inbox;
  readonly #conductor: Conductor;
  readonly #told: Omit<Parameters<typeof announcer>[0], "conductor">;
  #announcer: Announcer;
  /** The events that a replay still has to come. */
  #script: GameEvent[] | undefined;
  readonly #generator = createGeneratorRecord();
  readonly #quality: QualityKeeper;
  readonly #crew: readonly CrewMember[];
  #rendererFailure: Error | undefined;
  #state: SoundtrackSnapshot["state"] = "idle";
  #starting: Promise<void> | undefined;
  #timer: ReturnType<typeof setInterval>;

  constructor({ score, warnings }: GivenScore, seed: number, options: SoundtrackOptions) {
    this.#score = score;
    this.#seed = seed;
    this.#recorder = new FlightRecorder(score, seed);
    this.#emitter = createEmitter<SoundtrackEvents>((kind, error) =>
      this.#reporter.listenerThrew(kind, error),
    );
    this.#reporter = new Reporter(this.#emitter);
    this.#reporter.warnOfScore(warnings);
    this.#inbox = new Inbox(score, this.#reporter);
    const audibleAt = (time: Seconds): Seconds => this.#clock.audibleAt(time);
    this.#told = { emitter: this.#emitter, reporter: this.#reporter, audibleAt };
    this.#conductor = new Conductor({
      score,
      seed,
      bank: shippedBank,
      playing: this.#player,
      paletteNamed,
      // The worker compares deadlines with its own clock: only the system's is the same for both.
      wallClock: () => milliseconds(Date.now()),
      events: conductorEvents({
        ...this.#told,
        generator: this.#generator,
        recorder: this.#recorder,
      }),
    });
    this.#announcer = announcer({ ...this.#told, conductor: this.#conductor });
    this.#quality = new QualityKeeper({
      wish: options.quality ?? "auto",
      conductor: this.#conductor,
      generator: this.#generator,
      emitter: this.#emitter,
      reporter: this.#reporter,
      clock: () => milliseconds(performance.now()),
    });
    this.#crew = employCrew({
      assets: assetsFrom(options.model, options.assets),
      sampleRate: this.#player.sampleRate,
      backend: options.generator ?? "auto",
      conductor: this.#conductor,
      record: this.#generator,
      rendererFailed: (error) => {
        this.#rendererFailure = error;
      },
      progress: (progress) => this.#emitter.emit("progress", { what: "model", ...progress }),
      fault: (code, message) => this.#reporter.fault(code, message),
    });
    this.#player.onStateChange((state) => {
      if (this.#state !== "playing" || state === "running") return;
      this.#reporter.fault("audio-interrupted", `the audio context is ${state}; start() resumes`);
    });
    this.#timer = setInterval(() => this.#conductor.prepareOpening(), TICK_MS);
    if (options.heard !== undefined) this.#conductor.heard = options.heard;
    readScoreFiles(score, options.files, {
      conductor: this.#conductor,
      reporter: this.#reporter,
      context: this.#player.context,
    });
    if (options.replay !== undefined) this.#play(options.replay);
  }

  get audioContext(): AudioContext {
    return this.#player.context;
  }

  get output(): AudioNode {
    return this.#player.output;
  }

  start(): Promise<void> {
    if (this.#state === "paused") this.resume();
    if (this.#state === "playing") return this.#player.start();
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      if (this.#state === "starting") this.#state = "idle";
      throw error;
    });
    return this.#starting;
  }

  set(signal: string, value: number | string): void {
    this.#take(this.#inbox.read(signal, value, this.#clock.now()));
  }

  blend(weights: Readonly<Record<string, number>>): void {
    this.#take(this.#inbox.readBlend(weights, this.#clock.now()));
  }

  trigger(stinger: string): void {
    this.#take(this.#inbox.readTrigger(stinger, this.#clock.now()));
  }

  hold(mood: string, options: HoldOptions = {}): Held {
    const event = this.#inbox.readHold(mood, options, this.#clock.now());
    this.#take(event);
    let isHeld = event !== undefined;
    return {
      release: () => {
        if (event === undefined || !isHeld) return;
        isHeld = false;
        this.#take({ kind: "release", at: this.#clock.now(), id: event.id });
      },
    };
  }

  release(mood: string): void {
    this.#take(this.#inbox.readRelease(mood, this.#clock.now()));
  }

  hit(name: string, options: HitOptions): HitPoint {
    const move = (to: HitOptions): void =>
      this.#take(this.#inbox.readHit(name, to, this.#clock.now()));
    move(options);
    return {
      move,
      cancel: () => this.#take({ kind: "cancel-hit", at: this.#clock.now(), name }),
    };
  }

  expect(mood: string, probability: number): void {
    this.#take(this.#inbox.readExpect(mood, probability, this.#clock.now()));
  }

  frame(time: number): void {
    this.#quality.frame(time);
  }

  setQuality(quality: Quality): void {
    this.#quality.want(quality);
  }

  setTimeScale(scale: number): void {
    this.#take(this.#inbox.readTimeScale(scale, this.#clock.now()));
  }

  pause(): void {
    if (this.#state !== "playing") return;
    this.#tick();
    this.#clock.pause();
    this.#state = "paused";
    clearInterval(this.#timer);
  }

  resume(): void {
    if (this.#state !== "paused") return;
    this.#conductor.begin(this.#clock.resume());
    this.#run();
  }

  phase(unit: "beat" | "bar" | "phrase"): UnitInterval {
    return phaseAt(this.#conductor, this.#clock.heardNow(), unit);
  }

  position(): Position {
    return placeAt(this.#conductor, this.#clock.heardNow(), this.#score.moods[0]?.name ?? "");
  }

  save(): SavedMusic {
    return saveMusic(this.#checkpoint());
  }

  async restore(saved: unknown): Promise<void> {
    const { readSaved } = await import("./saved-music-shape.ts");
    const music = readSaved(saved);
    if (this.#state === "disposed") return;
    if (this.#script !== undefined) {
      throw new SaveError("a soundtrack that replays a recording cannot be put somewhere else");
    }
    this.#goOnFrom(music);
    this.#recorder.restart(music);
  }

  recording(): Recording {
    return this.#recorder.recording(this.#clock.now());
  }

  on<Kind extends keyof SoundtrackEvents>(
    kind: Kind,
    listener: (event: SoundtrackEvents[Kind]) => void,
  ): () => void {
    return this.#emitter.on(kind, listener);
  }

  setVolume(level: number): void {
    if (Number.isNaN(level)) {
      this.#reporter.warn("not-a-number", "volume", "the volume was set to NaN; it is ignored");
    } else {
      this.#player.setVolume(decibels(Math.min(0, level)));
    }
  }

  snapshot(): SoundtrackSnapshot {
    return takeSnapshot({
      score: this.#score,
      conductor: this.#conductor,
      generator: this.#generator,
      quality: this.#quality.view,
      counters: { ...this.#reporter.counters, ...this.#player.counters },
      state: this.#state,
      time: this.#clock.now(),
    });
  }

  stats(): SoundtrackStats {
    const { accounts } = this.#conductor;
    const { counters } = this.#reporter;
    return takeStats({ accounts, generator: this.#generator, counters, tier: this.#quality.tier });
  }

  async dispose(): Promise<void> {
    if (this.#state === "disposed") return;
    this.#state = "disposed";
    clearInterval(this.#timer);
    this.#quality.dispose();
    for (const member of this.#crew) member.dispose();
    await this.#player.dispose();
  }

  /** Takes in what the game did. What comes before the start is there from the first moment on. */
  #take(event: GameEvent | undefined): void {
    if (event === undefined || this.#state === "disposed") return;
    if (this.#script !== undefined) {
      this.#reporter.warn("replaying", "replay", "a recording is played back; the game is ignored");
    } else if (this.#state === "playing" || this.#state === "paused") {
      this.#inbox.keep(event);
    } else {
      this.#conductor.preset(event);
      this.#recorder.events([{ ...event, at: BEFORE_START }], this.#clock.now(), () =>
        this.#checkpoint(),
      );
    }
  }

  #checkpoint(): Checkpoint {
    const { state, tunes, heard } = this.#conductor;
    return {
      seed: this.#seed,
      time: this.#clock.now(),
      state,
      tunes: tunes.map(({ name, takes }) => ({ name, takes: new Map(takes) })),
      heard,
    };
  }

  /** Plays a recording: the same events at the same moments, and the notes that were heard. */
  #play({ from, events, tunes }: Recording): void {
    if (from !== null) this.#goOnFrom(from);
    for (const tune of tunes) this.#conductor.learn(tune.name, takesOf(tune), true);
    const begun = events.filter(({ at }) => at >= 0);
    const start = seconds(from?.time ?? 0);
    for (const event of events) {
      if (event.at < 0) this.#conductor.preset({ ...event, at: start });
    }
    this.#script = begun.toSorted((a, b) => a.at - b.at);
  }

  #goOnFrom({ time, director, tunes, heard }: SavedMusic): void {
    const state = restoreDirector(this.#score, director, seconds(time));
    this.#conductor.restore(state, this.#clock.now());
    for (const tune of tunes) this.#conductor.learn(tune.name, takesOf(tune), false);
    this.#conductor.heard = heard;
    this.#inbox.empty();
    this.#inbox.skipHolds(Math.max(0, ...director.holds.map(({ id }) => id)));
    this.#clock.setTo(seconds(time));
    this.#announcer = announcer({ ...this.#told, conductor: this.#conductor }, seconds(time));
    if (this.#state === "playing") this.#conductor.begin(this.#clock.run());
  }

  async #start(): Promise<void> {
    this.#refuseIfDisposed();
    this.#state = "starting";
    await this.#player.start();
    this.#refuseIfDisposed();
    while (!this.#conductor.prepareOpening()) {
      if (this.#rendererFailure !== undefined) throw this.#rendererFailure;
      await new Promise((resolve) => setTimeout(resolve, 10));
      this.#refuseIfDisposed();
    }
    this.#conductor.begin(this.#clock.run());
    this.#run();
  }

  #run(): void {
    clearInterval(this.#timer);
    this.#state = "playing";
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  #refuseIfDisposed(): void {
    if (this.#state !== "disposed") return;
    throw new DOMException("the soundtrack was disposed", "AbortError");
  }

  #tick(): void {
    this.#quality.tick();
    const now = this.#clock.now();
    const events = this.#due(now);
    this.#recorder.events(events, now, () => this.#checkpoint());
    this.#conductor.tick(now, events);
    const { section, committed } = this.#conductor.state;
    if (section !== undefined) this.#announcer.tick(section, committed, now);
  }

  /** What has happened since the last tick. */
  #due(now: Seconds): readonly GameEvent[] {
    if (this.#script === undefined) return this.#inbox.empty();
    const next = this.#script.findIndex(({ at }) => at > now);
    return this.#script.splice(0, next === -1 ? this.#script.length : next);
  }
}
