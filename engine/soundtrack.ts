import { afterwards } from "./afterwards.ts";
import { placesOf } from "./assets.ts";
import { createPlayer, type Player } from "./audio/player.ts";
import type { Held, HitOptions, HitPoint, HoldOptions, TriggerOptions } from "./call-options.ts";
import { shippedBank } from "./bank/shipped.ts";
import type { Announcer } from "./conductor/announcer.ts";
import { checkOptions } from "./check-options.ts";
import { Conductor } from "./conductor/conductor.ts";
import { createEmitter, type Emitter } from "./emitter.ts";
import { employCrew, type Crew } from "./crew.ts";
import type { GameEvent } from "./director/event.ts";
import { scoreFrom, type GivenScore } from "./given-score.ts";
import { GameLog, type OpenedRecording } from "./game-log.ts";
import { phaseAt, placeAt } from "./heard-place.ts";
import { Inbox } from "./inbox.ts";
import { PaletteBook } from "./palette-book.ts";
import { announcer, conductorEvents, fileEvents } from "./public-events.ts";
import type { Score } from "./score/score.ts";
import { MusicClock } from "./music-clock.ts";
import { FlightRecorder, type Recording } from "./recorder.ts";
import { Reporter } from "./reporter.ts";
import { SaveError, type SavedMusic } from "./saved-music.ts";
import { QualityKeeper } from "./quality.ts";
import { bringScore } from "./score-files.ts";
import { SoundWatch } from "./sound-watch.ts";
import { createGeneratorRecord, takeSnapshot } from "./snapshot.ts";
import { takeStats } from "./stats.ts";
import type {
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
const MB = 1e6;
/** MB: 18 s of five stems at 44.1 kHz, which are two phrases of four bars. */
const PCM_MEMORY = 32;

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
  checkOptions(options);
  const { replay, seed = replay?.seed ?? 1 } = options;
  const given = await scoreFrom(options.score);
  const opened = replay === undefined ? undefined : await openReplay(given.score, replay);
  const soundtrack = new PlayingSoundtrack(given, seed, options);
  if (opened !== undefined) soundtrack.play(opened);
  return soundtrack;
}

/** A game that replays nothing never loads the reader. */
async function openReplay(score: Score, replay: unknown): Promise<OpenedRecording> {
  const { openRecording } = await import("./open-save.ts");
  return openRecording(score, replay);
}

/** The composition root: wires signals, director, composer, workers and player together. */
class PlayingSoundtrack implements Soundtrack {
  readonly #score: Score;
  readonly #player: Player;
  readonly #clock: MusicClock;
  readonly #emitter: Emitter<SoundtrackEvents>;
  readonly #reporter: Reporter;
  readonly #recorder: FlightRecorder;
  readonly #inbox: Inbox;
  readonly #conductor: Conductor;
  readonly #told: Omit<Parameters<typeof announcer>[0], "conductor">;
  #announcer: Announcer;
  readonly #log: GameLog;
  readonly #generator = createGeneratorRecord();
  readonly #quality: QualityKeeper;
  readonly #crew: Crew;
  readonly #sound: SoundWatch;
  #rendererFailure: Error | undefined;
  #state: SoundtrackSnapshot["state"] = "idle";
  readonly #answer = afterwards(() => {
    if (this.#state === "playing") this.#emitter.together(() => this.#log.answer(this.#clock));
  });
  #starting: Promise<void> | undefined;
  #timer: ReturnType<typeof setInterval>;

  constructor(given: GivenScore, seed: number, options: SoundtrackOptions) {
    const { score } = given;
    this.#score = score;
    this.#player = createPlayer(options.audioContext);
    this.#clock = new MusicClock(this.#player);
    this.#recorder = new FlightRecorder(score, seed);
    this.#emitter = createEmitter<SoundtrackEvents>((kind, error) =>
      this.#reporter.listenerThrew(kind, error),
    );
    this.#reporter = new Reporter(this.#emitter);
    this.#inbox = new Inbox(score, this.#reporter);
    const audibleAt = (time: Seconds): Seconds => this.#clock.audibleAt(time);
    const palettes = new PaletteBook(score);
    this.#told = { emitter: this.#emitter, reporter: this.#reporter, audibleAt };
    this.#conductor = new Conductor({
      score,
      seed,
      bank: shippedBank,
      playing: this.#player,
      pcmBudget: MB * (options.pcmMemory ?? PCM_MEMORY),
      paletteNamed: (name) => palettes.playing(name),
      // The worker compares deadlines with its own clock: only the system's is the same for both.
      wallClock: () => milliseconds(Date.now()),
      events: conductorEvents({
        ...this.#told,
        generator: this.#generator,
        recorder: this.#recorder,
      }),
    });
    this.#announcer = announcer({ ...this.#told, conductor: this.#conductor });
    this.#log = new GameLog({
      score,
      seed,
      conductor: this.#conductor,
      inbox: this.#inbox,
      recorder: this.#recorder,
      reporter: this.#reporter,
    });
    this.#crew = employCrew({
      places: placesOf(document.baseURI, options.model, options.assets),
      sampleRate: this.#player.sampleRate,
      palettes,
      readFile: options.files,
      backend: options.generator ?? "auto",
      conductor: this.#conductor,
      record: this.#generator,
      rendererFailed: (error) => {
        this.#rendererFailure = error;
      },
      files: fileEvents(this.#told),
      fault: (code, message) => this.#reporter.fault(code, message),
    });
    this.#quality = new QualityKeeper({
      wish: options.quality ?? "auto",
      score,
      conductor: this.#conductor,
      apply: (limits) => {
        this.#conductor.limits = limits;
        this.#crew.employFor(limits);
      },
      generator: this.#generator,
      emitter: this.#emitter,
      reporter: this.#reporter,
      clock: () => milliseconds(performance.now()),
    });
    this.#sound = new SoundWatch({
      player: this.#player,
      emitter: this.#emitter,
      reporter: this.#reporter,
      isOn: () => this.#state === "playing" || this.#state === "paused",
    });
    this.#timer = setInterval(() => this.#conductor.prepareOpening(), TICK_MS);
    if (options.heard !== undefined) this.#conductor.heard = options.heard;
    bringScore(given, options.files, {
      conductor: this.#conductor,
      reporter: this.#reporter,
      context: this.#player.context,
    });
  }

  /** Plays a recording from its beginning. Before the start. */
  play(replay: OpenedRecording): void {
    this.#log.play(replay);
    this.#setTo(seconds(replay.from?.music.time ?? 0));
  }

  get audioContext(): AudioContext {
    return this.#player.context;
  }

  get output(): AudioNode {
    return this.#player.output;
  }

  start(): Promise<void> {
    if (this.#state === "paused") this.resume();
    if (this.#state === "playing") return this.#sound.start();
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

  trigger(stinger: string, options?: TriggerOptions): void {
    this.#take(this.#inbox.readTrigger(stinger, this.#clock.now(), options));
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
      cancel: () => this.#take(this.#inbox.readCancel(name, this.#clock.now())),
    };
  }

  expect(moodOrLocation: string, probability: number): void {
    this.#take(this.#inbox.readExpect(moodOrLocation, probability, this.#clock.now()));
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
    this.#sound.rest();
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
    return this.#log.save(this.#clock.now());
  }

  async restore(saved: unknown): Promise<void> {
    const { openSave } = await import("./open-save.ts");
    const opened = openSave(this.#score, saved);
    if (this.#state === "disposed") return;
    if (this.#log.isReplay) {
      throw new SaveError("a soundtrack that replays a recording cannot be put somewhere else");
    }
    this.#log.restore(opened, this.#clock.now());
    this.#setTo(seconds(opened.music.time));
    if (this.#state === "playing") this.#conductor.begin(this.#clock.run());
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
    if (typeof level !== "number" || Number.isNaN(level)) {
      this.#reporter.warn("not-a-number", "volume", "the volume is no number; it is ignored");
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
    const { context, held } = this.#player;
    const { tier } = this.#quality;
    const playing = held.frames;
    return takeStats({ accounts, generator: this.#generator, counters, tier, context, playing });
  }

  async dispose(): Promise<void> {
    if (this.#state === "disposed") return;
    this.#state = "disposed";
    this.#emitter.close();
    clearInterval(this.#timer);
    this.#quality.dispose();
    this.#sound.dispose();
    this.#crew.dispose();
    this.#conductor.dispose();
    await this.#player.dispose();
  }

  #take(event: GameEvent | undefined): void {
    if (event === undefined || this.#state === "disposed") return;
    this.#emitter.together(() => this.#log.take(event, this.#clock.now()));
    this.#answer();
  }

  /** The next run begins there. */
  #setTo(time: Seconds): void {
    this.#clock.setTo(time);
    this.#announcer = announcer({ ...this.#told, conductor: this.#conductor }, time);
  }

  async #start(): Promise<void> {
    this.#refuseIfDisposed();
    this.#state = "starting";
    this.#crew.tryAgain();
    await this.#sound.start();
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

  /** What happens is told afterwards: a listener may pause, restore or dispose of what it hears. */
  #tick(): void {
    this.#emitter.together(() => {
      this.#quality.tick();
      this.#sound.tick(performance.now());
      const look = this.#clock.look();
      this.#log.tick(look);
      const { section, committed } = this.#conductor.state;
      if (section !== undefined) this.#announcer.tick(section, committed, look.upTo);
    });
  }
}
