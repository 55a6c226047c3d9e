import type { Soundtrack } from "attacca";
import { describe, expect } from "vitest";
import { listen, sleep, until } from "../helpers/game.ts";
import { clicks, longestSilence } from "../helpers/pcm-measure.ts";
import { startRecorder, stretches } from "../helpers/recorder.ts";
import { testWith } from "../helpers/soundtracks.ts";

const SCORE = `
attacca: 1
title: What a game may ask for
tempo: 120
key: D dorian
signals:
  intensity: { attack: 0ms, release: 0ms }
moods:
  calm: { arousal: 0.3, markers: { turn: 2 bars } }
  danger: { arousal: 0.9, tempo: 150 }
locations:
  meadow: { mood: calm }
  cave: { palette: crystal, mood: calm, colour: { brightness: 0.2, level: -6dB } }
stingers:
  alarm: { at: beat, cooldown: 4s, duck: -6dB }
rules:
  - { when: "intensity > 0.7", until: "intensity < 0.5", mood: danger }
transitions:
  - { from: any, to: danger, at: beat, fade: 1 beat }
  - { from: danger, to: any, at: bar, enter: last position, fade: 1 beat }
`;

const test = testWith({ score: SCORE, generator: "off" });

const playUntil = (music: Soundtrack, time: number): Promise<void> =>
  until(() => music.snapshot().time >= time, 60, `second ${time} of the music`);

describe("as it is heard", () => {
  test("the music stands still, keeps what the game sets, and goes on from the very place", async ({
    soundtrack,
  }) => {
    const music = await soundtrack();
    const moods = listen(music, "mood");
    await music.start();
    const recorder = await startRecorder(music.output);
    await playUntil(music, 3);
    music.pause();
    const { time, state } = music.snapshot();
    expect(state).toBe("paused");
    music.set("intensity", 0.9);
    await sleep(1.5);
    expect(music.snapshot().time).toBe(time);
    expect(moods.map(({ to }) => to)).toEqual(["calm"]);
    const silentFrom = music.audioContext.currentTime - 0.3;
    music.resume();
    await playUntil(music, time + 3);
    expect(moods.map(({ to }) => to)).toEqual(["calm", "danger"]);
    const recording = await recorder.stop();
    const rate = recording.sampleRate;
    const paused = recording.left.subarray(
      recording.indexOf(silentFrom),
      recording.indexOf(silentFrom + 0.2),
    );
    // Only the room rings out.
    expect(Math.max(...paused.map(Math.abs))).toBeLessThan(0.02);
    const after = recording.left.subarray(recording.indexOf(silentFrom + 1));
    expect(longestSilence(after, rate, -60).duration).toBeLessThan(0.05);
    for (const stretch of stretches(recording, 0)) {
      expect(clicks(recording.left.subarray(...stretch))).toEqual([]);
    }
    expect(music.snapshot().counters["late"]).toBe(0);
    expect(music.snapshot().counters["missed"]).toBe(0);
  });

  test("music saved in one session goes on in another at the same bar of the same tune", async ({
    soundtrack,
  }) => {
    const first = await soundtrack({ seed: 5 });
    await first.start();
    first.set("intensity", 0.9);
    await playUntil(first, 5);
    const saved: unknown = JSON.parse(JSON.stringify(first.save()));
    const { mood, bar, phrase } = first.snapshot();
    await first.dispose();

    const second = await soundtrack({ seed: 5 });
    const recorder = await startRecorder(second.output);
    await second.restore(saved);
    await second.start();
    await until(() => second.snapshot().phrase !== undefined, 10, "a phrase");
    const shot = second.snapshot();
    expect(shot.mood).toBe(mood);
    expect(shot.bar - bar).toBeLessThanOrEqual(1);
    expect(shot.phrase?.notes).toEqual(phrase?.notes);
    await playUntil(second, 8);
    const recording = await recorder.stop();
    const begins = recording.left.findIndex((sample) => Math.abs(sample) > 1e-3);
    const heard = recording.left.subarray(begins);
    expect(heard.length).toBeGreaterThan(2 * recording.sampleRate);
    expect(longestSilence(heard, recording.sampleRate, -60).duration).toBeLessThan(0.05);
  });
});

// Nothing of what follows is recorded: they play side by side, the longest first.
describe.concurrent("save, restore and replay", () => {
  test("a recording plays back: the same cues at the same moments, with the same notes", async ({
    soundtrack,
  }) => {
    const music = await soundtrack({ seed: 3 });
    music.set("location", "cave");
    await music.start();
    await playUntil(music, 1.5);
    music.set("intensity", 0.9);
    music.trigger("alarm");
    await playUntil(music, 4);
    music.set("intensity", 0.1);
    music.set("location", "meadow");
    await playUntil(music, 7);
    const recording: ReturnType<Soundtrack["recording"]> = JSON.parse(
      JSON.stringify(music.recording()),
    );
    await music.dispose();

    const again = await soundtrack({ score: recording.score, replay: recording });
    const warnings = listen(again, "warning");
    await again.start();
    again.set("intensity", 1);
    await playUntil(again, 7.2);
    const replayed = again.recording();
    const until6 = (cues: readonly string[]): readonly string[] =>
      cues.filter((cue) => Number.parseFloat(cue) < 6).toSorted();
    expect(until6(replayed.cues)).toEqual(until6(recording.cues));
    const heard = ({ tunes }: typeof recording) =>
      Object.fromEntries(tunes.map(({ name, takes }) => [name, takes[0]?.notes]));
    expect(Object.keys(heard(recording)).some((name) => name.startsWith("stinger alarm"))).toBe(
      true,
    );
    for (const [name, notes] of Object.entries(heard(recording))) {
      expect(heard(replayed)[name]).toEqual(notes);
    }
    expect(warnings.map(({ code }) => code)).toEqual(["replaying"]);
  });

  test("restoring while it plays puts the music elsewhere without stopping it for long", async ({
    soundtrack,
  }) => {
    const music = await soundtrack();
    await music.start();
    await playUntil(music, 2);
    const saved = music.save();
    music.set("intensity", 0.9);
    await until(() => music.snapshot().mood === "danger", 10, "danger");
    await music.restore(saved);
    expect(music.snapshot().time).toBeCloseTo(saved.time, 0);
    await until(() => music.snapshot().mood === "calm", 10, "calm");
    const before = music.snapshot().counters["scheduled"] ?? 0;
    await playUntil(music, saved.time + 3);
    expect(music.snapshot().counters["scheduled"]).toBeGreaterThan(before);
  });

  test("restoring while it is paused goes on elsewhere when it is resumed", async ({
    soundtrack,
  }) => {
    const music = await soundtrack();
    await music.start();
    await playUntil(music, 2);
    const saved = music.save();
    music.set("intensity", 0.9);
    await until(() => music.snapshot().mood === "danger", 10, "danger");
    music.pause();
    const held = music.hold("danger");
    await music.restore(saved);
    expect(music.snapshot().state).toBe("paused");
    expect(music.snapshot().time).toBe(saved.time);
    music.resume();
    held.release();
    await playUntil(music, saved.time + 3);
    expect(music.snapshot().mood).toBe("calm");
    expect(music.snapshot().counters["missed"]).toBe(0);
  });

  test("what is no save is refused by name, and the music plays on", async ({ soundtrack }) => {
    const music = await soundtrack();
    await music.start();
    for (const wrong of [null, "{}", { attacca: 2 }, { ...music.save(), time: "soon" }]) {
      await expect(music.restore(wrong)).rejects.toMatchObject({ name: "SaveError" });
    }
    expect(music.snapshot().state).toBe("playing");
  });
});

describe.concurrent("stingers, holds and hit points", () => {
  test("a stinger is told ahead of its sound, and one within its cooldown is dropped and said", async ({
    soundtrack,
  }) => {
    const music = await soundtrack();
    const stingers = listen(music, "stinger");
    const warnings = listen(music, "warning");
    await music.start();
    await playUntil(music, 1);
    music.trigger("alarm");
    await until(() => stingers.length > 0, 10, "the stinger");
    expect(stingers[0]?.audibleAt).toBeGreaterThan(music.audioContext.currentTime);
    music.trigger("alarm");
    music.trigger("bell");
    await until(() => warnings.length >= 2, 10, "the warnings");
    expect(warnings.map(({ code }) => code).toSorted()).toEqual([
      "cooling-down",
      "unknown-stinger",
    ]);
  });

  test("a held mood returns to where the music was", async ({ soundtrack }) => {
    const music = await soundtrack();
    const moods = listen(music, "mood");
    await music.start();
    await playUntil(music, 2);
    const held = music.hold("danger");
    await until(() => moods.length === 2, 10, "the held mood");
    await playUntil(music, music.snapshot().time + 2);
    held.release();
    held.release();
    await until(() => moods.length === 3, 10, "the return");
    expect(moods.map(({ to }) => to)).toEqual(["calm", "danger", "calm"]);
  });

  test("a downbeat lands on the hit point, and beats and markers are told on the way", async ({
    soundtrack,
  }) => {
    const music = await soundtrack();
    const hits = listen(music, "hit");
    const bars = listen(music, "bar");
    const markers = listen(music, "marker");
    await music.start();
    await playUntil(music, 1);
    const wanted = music.audioContext.currentTime + 7.4;
    music.hit("gate", { in: "7.4s", strength: 0.8 });
    await until(() => hits.length > 0, 10, "the plan");
    await until(() => music.audioContext.currentTime > wanted + 0.5, 20, "the hit point");
    const nearest = Math.min(...bars.map(({ audibleAt }) => Math.abs(audibleAt - wanted)));
    expect(nearest).toBeLessThan(0.04);
    expect(markers[0]).toMatchObject({ name: "turn", mood: "calm" });
  });

  test("phases go from 0 to 1 with what is heard", async ({ soundtrack }) => {
    const music = await soundtrack();
    await music.start();
    await playUntil(music, 2.4);
    const { time } = music.snapshot();
    const latency = 0.006 + (music.audioContext.outputLatency || 0);
    const expected = ((time - latency) % 2) / 2;
    const phase = music.phase("bar");
    expect(Math.min(Math.abs(phase - expected), 1 - Math.abs(phase - expected))).toBeLessThan(0.06);
    expect(music.position()).toMatchObject({ mood: "calm", bar: 1 });
    music.pause();
    const { time: stands } = music.position();
    await sleep(0.2);
    expect(music.position().time).toBe(stands);
  });
});
