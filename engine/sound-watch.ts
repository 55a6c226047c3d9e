import type { AudioState } from "./audio/context.ts";
import type { Player } from "./audio/player.ts";
import type { Emitter } from "./emitter.ts";
import type { Reporter } from "./reporter.ts";
import type { SoundtrackEvents } from "./soundtrack-interface.ts";

/** What browser, device and page do to the sound while there is music. */
export type AudioChange =
  /** The context stands still: the game, or the browser, has suspended it. */
  | "suspended"
  /** A call or another app has taken the sound. */
  | "interrupted"
  /** The game has closed the context: it never comes back. */
  | "closed"
  /** The context runs again, and the music goes on from where it stood. */
  | "resumed"
  /** The browser wants a gesture before it lets anything sound. */
  | "refused"
  /** The context would not run, or its clock stands still. */
  | "stuck"
  | "hidden"
  | "shown"
  /** The page was seen and did nothing for half a second or more. */
  | "stalled"
  | "device-changed"
  | "device-failed";

export interface SoundWatchOptions {
  readonly player: Pick<Player, "start" | "onStateChange" | "context">;
  readonly emitter: Pick<Emitter<SoundtrackEvents>, "emit">;
  readonly reporter: Pick<Reporter, "count" | "fault">;
  /** Whether there is music, also while it is paused. */
  readonly isOn: () => boolean;
}

/** A page that is seen and does not tick for so many milliseconds was busy. */
const STALL = 500;
/** What shows that somebody is there. */
const GESTURES = ["pointerdown", "keydown", "touchend"] as const;

/** Tells and counts what happens to the sound, and takes it back after an interruption. */
export class SoundWatch {
  readonly #options: SoundWatchOptions;
  /** Ends all listening. */
  readonly #over = new AbortController();
  #isSilent = false;
  /** The sound was taken away, not given up: it is to come back without the game's doing. */
  #wasTaken = false;
  #isTrying = false;
  #ticked: number | undefined;

  constructor(options: SoundWatchOptions) {
    const { player } = options;
    this.#options = options;
    const { signal } = this.#over;
    const stop = player.onStateChange((state) => this.#moved(state));
    signal.addEventListener("abort", stop);
    document.addEventListener("visibilitychange", () => this.#looked(), { signal });
    for (const gesture of GESTURES) addEventListener(gesture, () => this.#takeBack(), { signal });
    player.context.addEventListener("error", () => this.#deviceFailed(), { signal });
    const isSecure = "mediaDevices" in navigator;
    if (!isSecure) return;
    const changed = (): void => this.#deviceChanged();
    navigator.mediaDevices.addEventListener("devicechange", changed, { signal });
  }

  /** As `Player.start`; what keeps it from running is told and counted. */
  async start(): Promise<void> {
    try {
      await this.#options.player.start();
    } catch (error) {
      const isRefused = error instanceof DOMException && error.name === "NotAllowedError";
      this.#tell(isRefused ? "refused" : "stuck", String(error));
      throw error;
    }
  }

  /** Call it whenever the music is looked after; the times between calls show whether the page is busy. */
  tick(now: number): void {
    const gap = this.#ticked === undefined ? 0 : now - this.#ticked;
    this.#ticked = now;
    if (gap < STALL || document.visibilityState !== "visible") return;
    this.#tell("stalled", `the page did nothing for ${Math.round(gap)} ms`);
  }

  /** The music is paused or over: nobody ticks. */
  rest(): void {
    this.#ticked = undefined;
  }

  dispose(): void {
    this.#over.abort();
  }

  #tell(what: AudioChange, message: string): void {
    this.#options.reporter.count(`audio-${what}`);
    this.#options.emitter.emit("audio", { what, message });
  }

  #moved(state: AudioState): void {
    if (!this.#options.isOn()) return;
    if (state === "running") {
      if (!this.#isSilent) return;
      this.#isSilent = false;
      this.#wasTaken = false;
      this.#tell("resumed", "the audio context runs again");
      return;
    }
    // Between an interruption and its end some browsers pass through "suspended".
    this.#wasTaken = state === "interrupted" || (this.#wasTaken && state === "suspended");
    this.#isSilent = true;
    this.#tell(state, `the audio context is ${state}`);
    const message = `the audio context is ${state}; start() resumes`;
    this.#options.reporter.fault("audio-interrupted", message);
  }

  #looked(): void {
    this.rest();
    if (!this.#options.isOn()) return;
    const isSeen = document.visibilityState === "visible";
    this.#tell(isSeen ? "shown" : "hidden", `the page is ${isSeen ? "seen again" : "hidden"}`);
    if (isSeen) this.#takeBack();
  }

  #takeBack(): void {
    if (!this.#wasTaken || this.#isTrying || !this.#options.isOn()) return;
    this.#isTrying = true;
    this.start()
      // It is told already; the next gesture tries again.
      .catch(() => undefined)
      .finally(() => {
        this.#isTrying = false;
      });
  }

  #deviceFailed(): void {
    if (!this.#options.isOn()) return;
    this.#wasTaken = true;
    this.#tell("device-failed", "the sound device failed; the context is started anew");
    this.#takeBack();
  }

  /**
   * A context keeps its rate for good, whatever device plays it, and the browser converts (Web Audio,
   * `sampleRate`): the music goes on as it is, to the frame.
   */
  #deviceChanged(): void {
    if (!this.#options.isOn()) return;
    const { sampleRate } = this.#options.player.context;
    const message = `another sound device; the music goes on at ${sampleRate} Hz and the browser converts`;
    this.#tell("device-changed", message);
  }
}
