import type { HitPoint, Held, SavedMusic, Soundtrack } from "attacca";
import { randomAt } from "../../engine/music/random.ts";

/** Calls with what no game should give: wrong types, NaN, what is huge, and what cannot be made text. */
const HOSTILE: readonly unknown[] = [
  undefined,
  null,
  true,
  Number.NaN,
  Infinity,
  -Infinity,
  -0,
  1e308,
  -1e308,
  Number.MIN_VALUE,
  2 ** 53,
  -7,
  10n ** 40n,
  "",
  "NaN",
  "__proto__",
  "constructor",
  "x".repeat(100_000),
  "\u0000\ud800",
  Symbol("name"),
  [],
  [[[]]],
  {},
  Object.create(null),
  { toString: null, valueOf: null },
  {
    toString() {
      throw new Error("no text");
    },
  },
  () => 1,
  new Date(Number.NaN),
  new Float64Array(3),
  new Map([[1, 2]]),
];
const NUMBERS = [0, 0.2, 0.5, 0.8, 1, 0.33, 100, 30, 1.5] as const;

export interface CallerOptions {
  readonly music: Soundtrack;
  readonly seed: number;
  readonly names: {
    readonly signals: readonly string[];
    readonly moods: readonly string[];
    readonly places: readonly string[];
    readonly stingers: readonly string[];
  };
  /** A call rejected that must not, or with something else than `SaveError`. */
  readonly refused: (what: string, error: unknown) => void;
}

/** Makes calls at random, of which a fourth is hostile; the same seed makes the same. Each returns its name. */
export function hostileCaller({ music, seed, names, refused }: CallerOptions): () => string {
  let call = 0;
  let held: Held | undefined;
  let point: HitPoint | undefined;
  let saved: SavedMusic = music.save();
  const chance = (what: string): number => randomAt(seed, what, call);
  const oneOf = <Item>(items: readonly Item[], what: string): Item | undefined =>
    items[Math.floor(chance(what) * items.length)];
  /** What a game might give, or, one time in four, something hostile: typed as what is meant. */
  const given = <Item>(items: readonly Item[], what: string): Item =>
    (chance(`${what} is hostile`) < 0.25 ? oneOf(HOSTILE, what) : oneOf(items, what)) as Item;

  const lengths = ["8 bars", "3 beats", "2s", "700ms", "0s"] as const;
  const times = ["7.4s", "0ms", "900ms", "3600s", "12s"] as const;
  const options = <Options extends object>(of: Options): Options =>
    chance("options are hostile") < 0.1 ? (oneOf(HOSTILE, "options") as Options) : of;

  const calls: readonly (readonly [name: string, weight: number, call: () => void])[] = [
    [
      "set",
      24,
      () =>
        music.set(
          given([...names.signals, "location"], "signal"),
          given<number | string>([...NUMBERS, ...names.places], "value"),
        ),
    ],
    [
      "blend",
      4,
      () => music.blend(given([{}, ...blends(names.places, given(NUMBERS, "weight"))], "weights")),
    ],
    ["trigger", 6, () => music.trigger(given(names.stingers, "stinger"))],
    [
      "hold",
      3,
      () => {
        held = music.hold(
          given(names.moods, "mood"),
          options({ for: given(lengths, "for"), priority: given(NUMBERS, "priority") }),
        );
      },
    ],
    ["held.release", 3, () => held?.release()],
    ["release", 2, () => music.release(given(names.moods, "mood"))],
    [
      "hit",
      3,
      () => {
        point = music.hit(
          given(["gate", "jump"], "hit"),
          options({ in: given(times, "in"), strength: given(NUMBERS, "strength") }),
        );
      },
    ],
    ["hit.move", 2, () => point?.move(options({ in: given(times, "in") }))],
    ["hit.cancel", 2, () => point?.cancel()],
    ["expect", 3, () => music.expect(given(names.moods, "mood"), given(NUMBERS, "probability"))],
    ["pause", 1, () => music.pause()],
    ["resume", 3, () => music.resume()],
    ["setTimeScale", 1, () => music.setTimeScale(given([0.25, 0.5, 1, 1, 1, 2, 4], "scale"))],
    [
      "setQuality",
      2,
      () =>
        music.setQuality(
          given(
            ["auto", "full", "reduced", "present-only", "bank-only", "authored-only"] as const,
            "quality",
          ),
        ),
    ],
    ["setVolume", 2, () => music.setVolume(given([-60, -3, 0, 6], "volume"))],
    ["frame", 10, () => music.frame(given([16, 16, 17, 33, 200], "frame"))],
    ["phase", 2, () => void music.phase(given(["beat", "bar", "phrase"] as const, "unit"))],
    ["position", 3, () => void music.position()],
    ["stats", 6, () => void music.stats()],
    ["snapshot", 2, () => void music.snapshot()],
    [
      "save",
      1,
      () => {
        saved = music.save();
      },
    ],
    [
      "restore",
      0.1,
      () => {
        const what = chance("restored is hostile") < 0.5 ? spoilt(saved) : saved;
        music.restore(what).catch((error: unknown) => refused("restore", error));
      },
    ],
  ];
  /** A save with something hostile somewhere in it. */
  const spoilt = (save: SavedMusic): unknown => {
    const copy = JSON.parse(JSON.stringify(save)) as Record<string, unknown>;
    const part = oneOf([copy, copy["director"] as Record<string, unknown>], "part") ?? copy;
    const key = oneOf(Object.keys(part), "key");
    if (key !== undefined) part[key] = oneOf(HOSTILE, "spoilt");
    return chance("whole") < 0.2 ? oneOf(HOSTILE, "save") : copy;
  };
  const total = calls.reduce((sum, [, weight]) => sum + weight, 0);

  return () => {
    call += 1;
    let left = chance("call") * total;
    const [name, , act] = calls.find(([, weight]) => (left -= weight) < 0) ?? calls[0] ?? [];
    act?.();
    return name ?? "";
  };
}

const blends = (
  places: readonly string[],
  weight: number,
): readonly Readonly<Record<string, number>>[] =>
  places.map((place) => ({ [place]: weight, [places[0] ?? ""]: 0.5, nowhere: 1 }));
