import type { Soundtrack, SoundtrackEvents } from "attacca";

export interface HotSoundtrack {
  /** The soundtrack that plays now, whichever it is; what listens to it goes on listening. */
  readonly music: Soundtrack;
  /** Goes over to another score, at the place in the music where the old one is. */
  readonly swap: (score: string) => Promise<void>;
}

/** All of them on one audio context, which none of them may close. */
type Make = (score: string) => Promise<Soundtrack>;
type Kind = keyof SoundtrackEvents;

/** `restore` is heard so many milliseconds later. */
const HEARD = 450;
const SILENT = -60;

/** A soundtrack whose score can be exchanged while it plays, for whoever writes it. */
export async function createHotSoundtrack(make: Make, score: string): Promise<HotSoundtrack> {
  let current = await make(score);
  const now = { volume: 0 };
  const listening = new Set<{ attach: () => () => void; detach: () => void }>();

  const on = <K extends Kind>(kind: K, listener: (event: SoundtrackEvents[K]) => void) => {
    const attach = (): (() => void) => current.on(kind, listener);
    const entry = { attach, detach: attach() };
    listening.add(entry);
    return () => {
      entry.detach();
      listening.delete(entry);
    };
  };
  const setVolume = (level: number): void => {
    now.volume = level;
    current.setVolume(level);
  };
  const own: Partial<Soundtrack> = { on, setVolume };

  const swap = async (changed: string): Promise<void> => {
    const old = current;
    const next = await make(changed);
    next.setVolume(SILENT);
    if (old.snapshot().state !== "idle") await next.start();
    // Whoever writes the score may have the game paused.
    if (old.snapshot().state === "paused") next.pause();
    await next.restore(old.save());
    current = next;
    if (old.snapshot().state === "playing") next.resume();
    for (const entry of listening) {
      entry.detach();
      entry.detach = entry.attach();
    }
    await new Promise((resolve) => setTimeout(resolve, HEARD));
    next.setVolume(now.volume);
    old.setVolume(SILENT);
    setTimeout(() => void old.dispose(), HEARD);
  };

  const music = new Proxy(current, {
    get: (_, name): unknown => {
      const value: unknown = Reflect.get(own, name) ?? Reflect.get(current, name);
      return typeof value === "function" ? value.bind(current) : value;
    },
  });
  return { music, swap };
}
