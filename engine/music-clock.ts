import type { Player } from "./audio/player.ts";
import { nextControlPoint } from "./conductor/decisions.ts";
import { Foresight, type Look } from "./conductor/foresight.ts";
import { frames, seconds, type Seconds } from "./time/units.ts";

/** Time to hand over what is rendered already, before music begins or goes on. */
const RUN_UP = 0.1;

type Ears = Pick<Player, "now" | "latency" | "sampleRate" | "context" | "pause" | "resume">;

/** Where the music is: seconds since it began, which stand still while it is paused. */
export class MusicClock {
  readonly #player: Ears;
  #origin: Seconds = seconds(0);
  #runs = false;
  /** Where it stands, before it begins and while it is paused. */
  #stands: Seconds = seconds(0);
  #isElsewhere = false;
  #foresight = new Foresight();

  constructor(player: Ears) {
    this.#player = player;
  }

  now(): Seconds {
    if (!this.#runs) return this.#stands;
    return seconds(Math.max(this.#stands, this.#player.now() - this.#origin));
  }

  /** Looks at the clock to decide what comes. */
  look(): Look {
    return this.#foresight.look(this.now());
  }

  /** Looks at it between two ticks, to decide the next control point. */
  glance(): Look {
    const now = this.now();
    return this.#foresight.glance(now, nextControlPoint(now));
  }

  /** What leaves the loudspeaker now: the limiter and the device take their time. */
  heardNow(): Seconds {
    const { latency, context } = this.#player;
    // Not in every browser; a device that does not tell counts as immediate.
    const device = Number.isFinite(context.outputLatency) ? context.outputLatency : 0;
    return seconds(this.now() - latency - device);
  }

  /** Context time at the output of a moment of the music. */
  audibleAt(time: Seconds): Seconds {
    return seconds(this.#origin + time + this.#player.latency);
  }

  /** The next run begins, or goes on, at this moment of the music. */
  setTo(time: Seconds): void {
    this.#stands = time;
    this.#isElsewhere = true;
    this.#foresight = new Foresight();
  }

  /** Begins to run shortly; returns the context time of the music's beginning, on a whole frame. */
  run(): Seconds {
    const { sampleRate } = this.#player;
    const first = frames((this.#player.now() + RUN_UP) * sampleRate);
    this.#origin = seconds((first - frames(this.#stands * sampleRate)) / sampleRate);
    this.#runs = true;
    this.#isElsewhere = false;
    return this.#origin;
  }

  pause(): void {
    const at = this.#player.pause();
    this.#stands = seconds(Math.max(this.#stands, at - this.#origin));
    this.#runs = false;
  }

  /** Goes on; returns the context time of the music's beginning as it is from now on. */
  resume(): Seconds {
    const shift = this.#player.resume(seconds(this.#player.now() + RUN_UP));
    if (this.#isElsewhere) return this.run();
    this.#origin = seconds(this.#origin + shift);
    this.#runs = true;
    return this.#origin;
  }
}
