import { createSoundtrack, STEMS, type SoundtrackEvents } from "attacca";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bestLag } from "../helpers/alignment.ts";
import { block, listen, until, watchWorkers, type WorkerWatch } from "../helpers/game.ts";
import { clicks, longestSilence, toDecibels, truePeak } from "../helpers/pcm-measure.ts";
import { startRecorder, stretches, type Recording } from "../helpers/recorder.ts";

const SCORE = `
attacca: 1
title: A minute of changes
tempo: 120
key: D dorian
signals:
  intensity: { attack: 0ms, release: 0ms }
moods:
  calm: { valence: 0.3, arousal: 0.3 }
  danger: { valence: -0.4, arousal: 0.9, tempo: 150 }
  mystery: { valence: -0.2, arousal: 0.4, tempo: 96, key: D aeolian }
locations:
  meadow: { palette: plucked, mood: calm }
  cave: { palette: crystal, mood: mystery }
rules:
  - { when: "intensity > 0.7", until: "intensity < 0.5", mood: danger }
transitions:
  - { from: any, to: danger, at: beat, fade: 1 beat }
  - { from: danger, to: any, at: phrase, fade: 1 bar }
  - { from: any, to: any, at: bar, fade: 1 bar }
`;

/** Of `SCORE`, to find the legal moments of a change without the engine. */
const TEMPOS: Readonly<Record<string, number>> = { calm: 120, danger: 150, mystery: 96 };
const BEATS = { beat: 1, bar: 4, phrase: 4 * 4 } as const;

/** A source as it was started on the real context: its buffer is filled with other sound once it has ended. */
interface Started {
  readonly when: number;
  readonly left: Float32Array;
}

const realStart = AudioBufferSourceNode.prototype.start;
let workers: WorkerWatch;
let started: Started[] = [];

beforeEach(() => {
  workers = watchWorkers();
  started = [];
  AudioBufferSourceNode.prototype.start = function (when = 0, offset = 0, duration?: number) {
    if (this.buffer !== null && offset === 0) {
      started.push({ when, left: this.buffer.getChannelData(0).slice() });
    }
    if (duration === undefined) realStart.call(this, when, offset);
    else realStart.call(this, when, offset, duration);
  };
});

afterEach(() => {
  workers.stop();
  AudioBufferSourceNode.prototype.start = realStart;
});

/** The sum of the chunks that start at a moment, in frames from that moment. */
function chunksAt(audibleAt: number, latency: number, sampleRate: number): Float32Array {
  const near = started.filter(({ when }) => Math.abs(when + latency - audibleAt) < 0.02);
  const length = Math.max(0, ...near.map(({ left }) => left.length));
  const sum = new Float32Array(length);
  for (const { when, left } of near) {
    const shift = Math.round((when + latency - audibleAt) * sampleRate);
    for (const [frame, sample] of left.entries()) {
      const at = frame + shift;
      if (at >= 0 && at < length) sum[at] = (sum[at] ?? 0) + sample;
    }
  }
  return sum;
}

/** From a source's start to the output: the limiter's look-ahead. */
const LATENCY = 0.006;
describe("a minute of music in a real browser", () => {
  test("survives changes, a killed generator and a blocked main thread without gap, click or misplaced entry", async () => {
    const music = await createSoundtrack({ score: SCORE, seed: 7, generator: "wasm" });
    const moods = listen(music, "mood");
    const transitions = listen(music, "transition");
    const takes = listen(music, "take");
    const faults = listen(music, "fault");
    await music.audioContext.resume();
    const recorder = await startRecorder(music.output);
    await music.start();
    const begun = music.audioContext.currentTime;
    const elapsed = (): number => music.audioContext.currentTime - begun;
    const at = async (time: number, act: () => void): Promise<void> => {
      await until(() => elapsed() >= time, 120, `second ${time}`);
      act();
    };

    await until(() => music.snapshot().generator.state === "ready", 60, "the model");
    const ready = elapsed();
    await at(ready + 6, () => music.set("intensity", 0.9));
    await at(ready + 12, () => music.set("intensity", 0.1));
    await at(ready + 18, () => music.set("location", "cave"));
    await at(ready + 22, () => workers.kill("generator-worker"));
    await at(ready + 25, () => music.set("intensity", 0.9));
    await at(ready + 29, () => block(1));
    await at(ready + 31, () => {
      music.set("location", "meadow");
      music.set("intensity", 0.2);
    });
    await at(ready + 39, () => music.set("location", "cave"));
    await until(() => faults.some(({ code }) => code === "generator-lost"), 30, "the watchdog");
    await until(() => music.snapshot().generator.state === "ready", 60, "the new generator");
    await at(elapsed() + 8, () => undefined);

    const recording = await recorder.stop();
    const { counters } = music.snapshot();
    await music.dispose();
    report(recording, moods, counters);

    const { left, right, sampleRate } = recording;
    const first = recording.indexOf((moods[0]?.audibleAt ?? 0) + 0.1);
    const lost = recording.gaps.reduce((sum, { length }) => sum + length, 0);
    expect(lost / left.length).toBeLessThan(0.01);
    for (const stretch of stretches(recording, first)) {
      for (const channel of [left, right].map((side) => side.subarray(...stretch))) {
        expect(longestSilence(channel, sampleRate, -60).duration).toBeLessThan(0.05);
        expect(clicks(channel)).toEqual([]);
        expect(toDecibels(truePeak(channel))).toBeLessThan(-1);
      }
    }

    expect(moods.map(({ to }) => to)).toEqual([
      "calm",
      "danger",
      "calm",
      "mystery",
      "danger",
      "calm",
      "mystery",
    ]);
    for (const { audibleAt } of moods.slice(1)) {
      const chunk = chunksAt(audibleAt, LATENCY, sampleRate).subarray(0, sampleRate);
      const heard = left.subarray(recording.indexOf(audibleAt) - 16);
      expect(chunk.length).toBeGreaterThan(sampleRate / 2);
      expect(Math.abs(bestLag(heard, chunk, 16))).toBeLessThanOrEqual(1);
    }

    expect(transitions).toHaveLength(moods.length - 1);
    for (const [index, { from, sync, audibleAt }] of transitions.entries()) {
      const before = moods[index];
      if (before?.to !== from) throw new Error(`no mood ${from} before transition ${index}`);
      if (sync !== "beat" && sync !== "bar" && sync !== "phrase") throw new Error(sync);
      const line = BEATS[sync] * (60 / (TEMPOS[from] ?? 0));
      const lines = (audibleAt - before.audibleAt) / line;
      expect(lines).toBeGreaterThan(0.9);
      expect(Math.abs(lines - Math.round(lines)) * line * sampleRate).toBeLessThanOrEqual(1);
    }

    for (const stem of STEMS) {
      expect(takes.some((take) => take.stem === stem && take.source === "model")).toBe(true);
    }
    const unexpected = faults.filter(({ code }) => !EXPECTED.has(code));
    expect(unexpected).toEqual([]);
  });
});

/** What killing a worker, blocking the thread and a busy machine may cause. */
const EXPECTED: ReadonlySet<string> = new Set([
  "generator-lost",
  "generation-late",
  "render-late",
  "sync-point-missed",
]);

function report(
  { left, sampleRate }: Recording,
  moods: readonly SoundtrackEvents["mood"][],
  counters: Readonly<Record<string, number>>,
): void {
  console.log(
    `recorded ${(left.length / sampleRate).toFixed(1)} s, ${moods.length} moods, ${JSON.stringify(counters)}`,
  );
}
