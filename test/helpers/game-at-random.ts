import type { Held, HitPoint, Quality, Soundtrack } from "attacca";
import { randomAt } from "../../engine/music/random.ts";
import { block, sleep } from "./game.ts";

/** Seconds: a frame of the game. */
const FRAME = 1 / 30;

const MOODS = ["calm", "danger", "boss", "mystery"] as const;
const PLACES = ["meadow", "cave", "hall"] as const;
const STINGERS = ["alarm", "fanfare"] as const;
const QUALITIES: readonly Quality[] = ["auto", "full", "reduced", "present-only", "bank-only"];

/** About how many seconds lie between two times of a deed. */
export const HARD_LIFE = {
  move: 9,
  blend: 40,
  hurt: 13,
  trigger: 7,
  hold: 45,
  hit: 35,
  expect: 6,
  pause: 75,
  slow: 50,
  load: 110,
  quality: 90,
  stall: 30,
} as const satisfies Record<string, number>;
type Deed = keyof typeof HARD_LIFE;

/** The same without what makes the music stand still, begin elsewhere or write less, and no thread is blocked. */
export const PLAIN_LIFE: Partial<Record<Deed, number>> = {
  move: HARD_LIFE.move,
  hurt: HARD_LIFE.hurt,
  trigger: HARD_LIFE.trigger,
  hold: HARD_LIFE.hold,
  hit: HARD_LIFE.hit,
  expect: HARD_LIFE.expect,
};

/** How often each deed was done. */
export type Deeds = Readonly<Record<Deed, number>>;

export interface Playing {
  readonly deeds: Deeds;
  /** Resolves when what was begun is over: a pause, a loaded save. */
  stop(): Promise<void>;
}

export interface GameOptions {
  readonly music: Soundtrack;
  readonly seed: number;
  /** What is done, and how often; what is left out is never done. */
  readonly life: Readonly<Partial<Record<Deed, number>>>;
  /** Told of every deed. */
  readonly tell?: (deed: string) => void;
  /** Told when the game has the music stand still or begin elsewhere, and when it should sound again. */
  readonly interrupts?: (isInterrupted: boolean) => void;
}

/** Seconds within which interrupted music sounds again. */
const SOUNDS_AGAIN = 1.5;

/**
 * Plays a game at random, thirty frames a second: an intensity that wanders, and everything else that a
 * game does, now and then. Its score is `test/soak/page/score.ts`. The same seed does the same in the same frame.
 */
export function playAtRandom({ music, seed, life, tell, interrupts }: GameOptions): Playing {
  const deeds = Object.fromEntries(Object.keys(HARD_LIFE).map((deed) => [deed, 0])) as Record<
    Deed,
    number
  >;
  let frame = 0;
  let held: Held | undefined;
  let point: HitPoint | undefined;
  let isBusy = false;
  let work: Promise<void> = Promise.resolve();
  const chance = (what: string): number => randomAt(seed, what, frame);
  const oneOf = <Item>(items: readonly Item[], what: string): Item | undefined =>
    items[Math.floor(chance(what) * items.length)];
  const busyFor = (task: () => Promise<void>): void => {
    isBusy = true;
    interrupts?.(true);
    work = task()
      .then(() => sleep(SOUNDS_AGAIN))
      .finally(() => {
        isBusy = false;
        interrupts?.(false);
      });
  };

  const does: Readonly<Record<Deed, () => void>> = {
    move: () => music.set("location", oneOf(PLACES, "place") ?? "meadow"),
    blend: () => music.blend({ meadow: chance("blend"), cave: 1 - chance("blend") }),
    hurt: () => music.set("health", 100 * chance("health")),
    trigger: () => music.trigger(oneOf(STINGERS, "stinger") ?? "alarm"),
    hold: () => {
      held?.release();
      held = music.hold(oneOf(MOODS, "mood") ?? "calm", { for: "6 bars" });
    },
    hit: () => {
      point?.cancel();
      point = music.hit("gate", { in: `${Math.round(4 + 8 * chance("in"))}s` });
    },
    expect: () => music.expect(oneOf(MOODS, "expected") ?? "calm", chance("probability")),
    pause: () => {
      music.pause();
      busyFor(async () => {
        await sleep(0.3 + chance("pause"));
        music.resume();
      });
    },
    slow: () => music.setTimeScale(oneOf([0.5, 0.8, 1, 1, 1, 1.25], "scale") ?? 1),
    load: () => busyFor(() => music.restore(JSON.parse(JSON.stringify(music.save())))),
    quality: () => music.setQuality(oneOf(QUALITIES, "quality") ?? "auto"),
    stall: () => block(0.05 + 0.25 * chance("stall")),
  };

  const timer = setInterval(() => {
    frame += 1;
    const wave = 0.5 + 0.5 * Math.sin(frame * FRAME * 0.11 + Math.sin(frame * FRAME * 0.037) * 3);
    music.set("intensity", Math.max(0, Math.min(1, wave + 0.2 * (chance("noise") - 0.5))));
    music.frame(FRAME * 1000);
    music.stats();
    music.position();
    for (const [deed, apart] of Object.entries(life) as [Deed, number][]) {
      if (isBusy || chance(deed) >= FRAME / apart) continue;
      deeds[deed] += 1;
      tell?.(deed);
      does[deed]();
    }
  }, FRAME * 1000);

  return {
    deeds,
    async stop() {
      clearInterval(timer);
      await work;
    },
  };
}
