import { createSoundtrack, type Soundtrack } from "attacca";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { block, listen, sleep, until, watchWorkers, type WorkerWatch } from "../helpers/game.ts";
import { longestSilence } from "../helpers/pcm-measure.ts";
import { startRecorder, stretches } from "../helpers/recorder.ts";

const SCORE = `
attacca: 1
title: A place and a cave
tempo: 84
key: D dorian
phrase: 4 bars
signals:
  intensity: { attack: 0ms, release: 0ms }
moods:
  calm:
    arousal: 0.5
    stems: { melody: 0, counter: 0, harmony: 0, bass: 0, drums: 0 }
  mystery:
    valence: -0.2
    arousal: 0.4
    stems: { melody: 0, counter: 0, harmony: 0, bass: 0, drums: 0 }
locations:
  meadow: { palette: plucked, mood: calm }
  cave: { palette: crystal, mood: mystery }
transitions:
  - { from: any, to: any, at: beat, fade: 1 beat }
`;

/** Its two bars, which are with the player, last 2.9 s. */
const FAST = SCORE.replace("tempo: 84", "tempo: 168");

let workers: WorkerWatch;
const open: Soundtrack[] = [];

beforeEach(() => {
  workers = watchWorkers();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((music) => music.dispose()));
  workers.stop();
});

async function soundtrack(
  options: Partial<Parameters<typeof createSoundtrack>[0]> = {},
): Promise<Soundtrack> {
  const music = await createSoundtrack({ score: SCORE, generator: "off", ...options });
  open.push(music);
  return music;
}

const scheduled = (music: Soundtrack): number => music.snapshot().counters["scheduled"] ?? 0;

describe("every fault has a fallback, an event and a counter", () => {
  test("an audio context that is suspended is told of, and start() goes on where it stopped", async () => {
    const music = await soundtrack();
    const faults = listen(music, "fault");
    await music.start();
    await sleep(1);
    await music.audioContext.suspend();
    await until(() => faults.some(({ code }) => code === "audio-interrupted"), 5, "the fault");
    expect(music.snapshot().counters["fault-audio-interrupted"]).toBe(1);
    const { time } = music.snapshot();
    await sleep(0.5);
    expect(music.snapshot().time).toBeLessThan(time + 0.1);
    await music.start();
    expect(music.audioContext.state).toBe("running");
    const before = scheduled(music);
    await until(() => scheduled(music) > before, 10, "another chunk");
    expect(music.snapshot().time).toBeGreaterThan(time);
    expect(faults.map(({ code }) => code)).toEqual(["audio-interrupted"]);
  });

  test("a sync point that passes while the page is blocked is told of, and the next legal one is taken", async () => {
    const music = await soundtrack({ score: SCORE.replace("at: beat", "at: bar") });
    const faults = listen(music, "fault");
    const moods = listen(music, "mood");
    await music.start();
    await until(() => music.snapshot().beat === 1, 5, "the second beat");
    music.set("location", "cave");
    await until(() => music.snapshot().pending !== undefined, 1, "the wish");
    // Past the bar line, within the two bars that are with the player.
    block(2.6);
    await until(() => moods.length === 2, 10, "the change");
    expect(faults).toContainEqual({ code: "sync-point-missed", message: expect.any(String) });
    expect(music.snapshot().counters["fault-sync-point-missed"]).toBe(1);
    const bars = ((moods[1]?.audibleAt ?? 0) - (moods[0]?.audibleAt ?? 0)) / (4 * (60 / 84));
    expect(bars).toBeCloseTo(2, 4);
  });

  test("a page that is blocked for longer than the music is ahead goes on in time after it", async () => {
    const music = await soundtrack({ score: FAST });
    const faults = listen(music, "fault");
    await music.start();
    await sleep(1);
    const begun = music.audioContext.currentTime - music.snapshot().time;
    block(5.5);
    await until(() => faults.some(({ code }) => code === "render-late"), 5, "the fault");
    expect(music.snapshot().counters["fault-render-late"]).toBeGreaterThan(0);
    const before = scheduled(music);
    await until(() => scheduled(music) >= before + 20, 10, "twenty more chunks");
    expect(music.snapshot().time).toBeCloseTo(music.audioContext.currentTime - begun, 1);
    const { counters } = music.snapshot();
    const recorder = await startRecorder(music.output);
    await sleep(2);
    const recording = await recorder.stop();
    for (const stretch of stretches(recording, 0)) {
      const left = recording.left.subarray(...stretch);
      expect(longestSilence(left, recording.sampleRate, -60).duration).toBeLessThan(0.05);
    }
    expect(music.snapshot().counters["fault-render-late"]).toBe(counters["fault-render-late"]);
  });
});

describe("a game that does too much, too early or too late", () => {
  test("20,000 values in a frame keep the place that was set first, and are counted", async () => {
    const music = await soundtrack();
    const warnings = listen(music, "warning");
    await music.start();
    music.set("location", "cave");
    for (let call = 1; call < 20_000; call += 1) music.set("intensity", call / 20_000);
    await until(() => music.snapshot().location === "cave", 5, "the place");
    await until(() => music.snapshot().mood === "mystery", 10, "its mood");
    const { counters, signals } = music.snapshot();
    expect(warnings.map(({ code }) => code)).toEqual(["events-dropped"]);
    expect(counters["warning-events-dropped"]).toBeGreaterThan(10_000);
    expect(signals["intensity"]).toBeCloseTo(1, 2);
  });

  test.each([0, 10, 30, 100, 500])(
    "dispose() %s ms after start(), before the music begins, ends both",
    async (delay) => {
      const music = await soundtrack();
      const beats = listen(music, "beat");
      // The instruments never come.
      workers.kill("renderer-worker");
      const outcome = music.start().catch((error: unknown) => error);
      await sleep(delay / 1000);
      expect(music.snapshot().state).toBe("starting");
      await music.dispose();
      expect(await outcome).toMatchObject({ name: "AbortError" });
      expect(music.audioContext.state).toBe("closed");
      expect(workers.alive()).toBe(0);
      await sleep(0.5);
      expect(scheduled(music)).toBe(0);
      expect(beats).toEqual([]);
      expect(music.snapshot().state).toBe("disposed");
    },
  );

  test("a place that is set before start() is where the music begins", async () => {
    const music = await soundtrack({ score: FAST });
    const moods = listen(music, "mood");
    music.set("location", "cave");
    await music.start();
    await until(() => music.snapshot().bar >= 2, 20, "two bars");
    expect(moods).toEqual([{ from: undefined, to: "mystery", audibleAt: expect.any(Number) }]);
    expect(music.snapshot().location).toBe("cave");
  });
});
