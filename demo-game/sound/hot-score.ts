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

/** A volume goes over so many milliseconds, with some to spare. */
const FADE = 450;
const SILENT = -60;
/** Lost under what plays, but not switched off: it is heard that it has begun. */
const HUSHED = -55;

/**
 * A soundtrack whose score can be exchanged while it plays, for whoever writes it. The old one goes once the new one
 * is heard; of two changes in a row the second waits for the first.
 */
export async function createHotSoundtrack(
  make: Make,
  score: string,
  heard: (next: Soundtrack, old: Soundtrack, above: number) => Promise<void> = untilHeard,
): Promise<HotSoundtrack> {
  let current = await make(score);
  let swapped: Promise<void> = Promise.resolve();
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

  const exchange = async (changed: string): Promise<void> => {
    const old = current;
    const next = await make(changed);
    next.setVolume(HUSHED);
    // Before it starts: of its opening nothing may be heard.
    await next.restore(old.save());
    if (old.snapshot().state !== "idle") await next.start();
    // Whoever writes the score may have the game paused.
    if (old.snapshot().state === "paused") next.pause();
    current = next;
    if (old.snapshot().state === "playing") next.resume();
    for (const entry of listening) {
      entry.detach();
      entry.detach = entry.attach();
    }
    if (old.snapshot().state === "playing") await heard(next, old, now.volume - HUSHED);
    next.setVolume(now.volume);
    old.setVolume(SILENT);
    setTimeout(() => void old.dispose(), FADE);
  };
  const swap = (changed: string): Promise<void> => {
    const turn = swapped.then(() => exchange(changed));
    swapped = turn.catch(() => undefined);
    return turn;
  };

  const music = new Proxy(current, {
    get: (_, name): unknown => {
      const value: unknown = Reflect.get(own, name) ?? Reflect.get(current, name);
      return typeof value === "function" ? value.bind(current) : value;
    },
  });
  return { music, swap };
}

/** Between two looks, and until something that rests counts as heard, in milliseconds. */
const LOOK = 50;
const PATIENCE = 3000;
/** What two tellings of the same bars differ by at most, once both are played in full, in decibels. */
const ALIKE = 6;

/** Until one that is held down so many decibels below the other sounds as full as that. */
async function untilHeard(next: Soundtrack, old: Soundtrack, below: number): Promise<void> {
  const [ofNext, ofOld] = [listenTo(next), listenTo(old)];
  const begun = performance.now();
  do {
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  } while (ofNext.level() < ofOld.level() - below - ALIKE && performance.now() - begun < PATIENCE);
  ofNext.end();
  ofOld.end();
}

/** Tells the level of what the device is given, in decibels. */
function listenTo({ output }: Soundtrack): { level: () => number; end: () => void } {
  /** Samples: three quarters of a second, more than a beat. */
  const ear = new AnalyserNode(output.context, { fftSize: 32_768 });
  const samples = new Float32Array(ear.fftSize);
  output.connect(ear);
  const level = (): number => {
    ear.getFloatTimeDomainData(samples);
    return 10 * Math.log10(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
  };
  return { level, end: () => output.disconnect(ear) };
}
