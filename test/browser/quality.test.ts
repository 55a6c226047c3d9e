import { STEMS, type SoundtrackStats } from "attacca";
import { describe, expect } from "vitest";
import { block, listen, sleep, until } from "../helpers/game.ts";
import { testWith } from "../helpers/soundtracks.ts";

const SCORE = `
attacca: 1
title: A game that asks much of the device
tempo: 120
key: D dorian
signals:
  intensity: { attack: 0ms, release: 0ms }
moods:
  calm: { arousal: 0.3 }
  danger: { arousal: 0.9, tempo: 150 }
  mystery: { arousal: 0.4, valence: -0.3 }
locations:
  meadow: { mood: calm }
  cave: { palette: crystal, mood: mystery }
stingers:
  alarm: { at: beat }
rules:
  - { when: "intensity > 0.7", until: "intensity < 0.5", mood: danger }
transitions:
  - { from: danger, to: any, at: bar, bridge: { length: 1 bar } }
  - { from: any, to: any, at: beat, fade: 1 beat }
`;

const test = testWith({ score: SCORE, generator: "off" });

/** Makes every frame last longer until it is stopped. */
function burden(seconds: number): () => void {
  let handle = requestAnimationFrame(function frame() {
    block(seconds);
    handle = requestAnimationFrame(frame);
  });
  return () => cancelAnimationFrame(handle);
}

/** What does not add up; empty when all does. */
function imbalances(counts: SoundtrackStats["byMood"][string]["bass"]): string[] {
  const delivered = counts.onTime + counts.committedEarly + counts.late;
  const ended = delivered + counts.cancelled + counts.failed + counts.open;
  const found = counts.waiting + counts.used + counts.kept + counts.wasted;
  return [
    ...(counts.requested === ended ? [] : [`${counts.requested} requests, ${ended} accounted for`]),
    ...(delivered === found ? [] : [`${delivered} takes, ${found} accounted for`]),
  ];
}

describe("the page's own quality", () => {
  test("falls while the page's frames suffer, and rises once the game says that they are well", async ({
    soundtrack,
  }) => {
    const music = await soundtrack();
    await music.start();
    await until(() => music.snapshot().quality.frameTime > 0, 10, "the first frames");
    await sleep(3);
    const changes = listen(music, "quality");
    const lift = burden(0.12);
    await until(() => music.stats().tier === "bank-only", 40, "the lowest tier");
    lift();
    changes.length = 0;
    expect(music.snapshot().quality).toMatchObject({ wish: "auto", cause: "frames" });
    const rise = (): (typeof changes)[number] | undefined =>
      changes.find(({ cause }) => cause === "calm");
    const well = setInterval(() => music.frame(16), 16);
    await until(() => rise() !== undefined, 60, "a better tier");
    clearInterval(well);
    expect(rise()).toEqual({ from: "bank-only", tier: "present-only", cause: "calm" });
  });
});

describe.concurrent("stats", () => {
  test("add up after a quarter of a minute of changes at four times the tempo", async ({
    soundtrack,
  }) => {
    const music = await soundtrack({ generator: "wasm", quality: "full" });
    await music.start();
    await until(() => music.snapshot().generator.state === "ready", 60, "the model");
    music.setTimeScale(4);
    const places = ["meadow", "cave"] as const;
    for (let turn = 0; turn < 15; turn += 1) {
      const chance = (turn * 0.618) % 1;
      music.set("intensity", chance);
      if (turn % 3 === 0) music.set("location", places[turn % 2] ?? "meadow");
      if (turn % 5 === 0) music.trigger("alarm");
      if (turn % 7 === 0) music.expect("mystery", chance);
      if (turn === 8) await music.restore(music.save());
      await sleep(1);
    }
    const stats = music.stats();
    expect(imbalances(stats)).toEqual([]);
    for (const counts of Object.values(stats.byMood)) {
      for (const stem of STEMS) expect(imbalances(counts[stem])).toEqual([]);
    }
    expect(stats.onTime).toBeGreaterThan(5);
    expect(stats.used).toBeGreaterThan(3);
    expect(stats.hits + stats.unwritten + stats.misses).toBeGreaterThan(3);
    expect(stats.passTime).toBeGreaterThan(0);
    expect(stats.marginLeast).toBeLessThanOrEqual(stats.marginMedian ?? 0);
    expect(stats.speculatedForNothing).toBeLessThanOrEqual(stats.speculated);
    expect(stats.backend).toBe("wasm");
  });
});

describe.concurrent("quality", () => {
  test("follows the frames that the game tells in place of the page's", async ({ soundtrack }) => {
    const music = await soundtrack();
    const changes = listen(music, "quality");
    await music.start();
    for (let frame = 0; frame < 120; frame += 1) music.frame(16);
    const bad = setInterval(() => music.frame(90), 40);
    await until(() => changes.length > 0, 20, "a lower tier");
    clearInterval(bad);
    expect(changes[0]).toEqual({ from: "full", tier: "reduced", cause: "frames" });
  });

  test("is what the game sets, and where that is the bank the model is not even fetched", async ({
    soundtrack,
  }) => {
    const music = await soundtrack({ generator: "wasm", quality: "bank-only" });
    const changes = listen(music, "quality");
    const warnings = listen(music, "warning");
    await music.start();
    await sleep(2);
    expect(music.stats()).toMatchObject({ tier: "bank-only", requested: 0, generator: "off" });
    music.setQuality("full");
    await until(() => music.stats().onTime > 0, 60, "an answer");
    expect(changes).toEqual([{ from: "bank-only", tier: "full", cause: "game" }]);
    Reflect.apply(music.setQuality, music, ["splendid"]);
    music.frame(Number.NaN);
    expect(warnings.map(({ code }) => code)).toEqual(["unknown-quality", "not-a-number"]);
    expect(music.stats().tier).toBe("full");
  });

  test("of a name that there is not is refused", async ({ soundtrack }) => {
    const quality = Reflect.get({ name: "splendid" }, "name") as "auto";
    await expect(soundtrack({ quality })).rejects.toThrow(RangeError);
  });
});
