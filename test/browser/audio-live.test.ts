import { getContext } from "tone";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createPlayer, type Player } from "../../engine/audio/player.ts";
import { decibels, seconds } from "../../engine/time/units.ts";
import { clicks, longestSilence, peak } from "../helpers/pcm-measure.ts";
import { chunkOf } from "../helpers/pcm-render.ts";
import { startRecorder } from "../helpers/recorder.ts";

/** A player that ends with its test. */
function playerFor(given?: AudioContext): Player {
  const player = createPlayer(given);
  onTestFinished(() => player.dispose());
  return player;
}

/** A page's own context, which ends with its test. */
function foreign(): AudioContext {
  const context = new AudioContext();
  onTestFinished(() => context.close());
  return context;
}

const reached = (player: Player, time: number): Promise<void> =>
  vi.waitFor(() => expect(player.now()).toBeGreaterThan(time), { timeout: 30_000, interval: 20 });

/** A busy machine's browser loses a block of 128 frames now and then; such a recording is made again. */
const RECORDED = { retry: 3 };

describe("a live player", () => {
  it(
    "plays chunks on their frames and without a seam, as a recorder hears them",
    RECORDED,
    async () => {
      const player = playerFor();
      await player.start();
      const recorder = await startRecorder(player.output);
      const rate = player.sampleRate;
      const first = Math.round((player.now() + 0.5) * rate);
      player.open("a", { at: seconds(first / rate), fade: seconds(0) });
      const tone = (frame: number): number => 0.25 * Math.sin((2 * Math.PI * 400 * frame) / rate);
      const size = 11_113;
      for (let part = 0; part < 5; part += 1) {
        const chunk = chunkOf(size, (frame) => tone(part * size + frame));
        expect(player.play("a", chunk, seconds((first + part * size) / rate))).toBe("scheduled");
      }
      player.close("a", { at: seconds((first + 4 * size) / rate), fade: seconds(0.1) });
      const end = (first + 5 * size) / rate + 0.1;
      await reached(player, end);
      const { left, right, startFrame, gaps, indexOf } = await recorder.stop();

      expect(gaps).toEqual([]);
      expect(left.length).toBeGreaterThan((end - startFrame / rate) * rate - 8_192);
      const start = indexOf(first / rate + player.latency);
      expect(peak(left.subarray(0, start))).toBe(0);
      const expected = Float32Array.from({ length: 4 * size }, (_, frame) => tone(frame));
      const heard = left.subarray(start, start + 4 * size);
      expect(peak(heard.map((sample, frame) => sample - (expected[frame] ?? 0)))).toBeLessThan(
        1e-3,
      );
      expect(clicks(left)).toEqual([]);
      expect(longestSilence(heard, rate, -60).duration).toBeLessThan(0.001);
      expect(right).toEqual(left);
      await vi.waitFor(() => expect(player.held.sources).toBe(0));
    },
  );

  it("stands still and goes on, as a recorder hears it", RECORDED, async () => {
    const player = playerFor();
    await player.start();
    const recorder = await startRecorder(player.output);
    const rate = player.sampleRate;
    const first = Math.round((player.now() + 0.4) * rate);
    const tone = (frame: number): number => 0.25 * Math.sin((2 * Math.PI * 400 * frame) / rate);
    const size = Math.round(rate / 4);
    player.open("a", { at: seconds(first / rate), fade: seconds(0) });
    for (let index = 0; index < 6; index += 1) {
      const chunk = chunkOf(size, (frame) => tone(index * size + frame));
      player.play("a", chunk, seconds((first + index * size) / rate));
    }
    await reached(player, first / rate + 0.6);
    const stoodAt = player.pause();
    expect(stoodAt).toBeGreaterThan(player.now() + 0.03);
    await reached(player, stoodAt + 0.3);
    const shift = player.resume(player.now());
    expect(shift).toBeGreaterThan(0.3);
    await reached(player, first / rate + 1.5 + shift + 0.2);
    const { left, gaps, indexOf } = await recorder.stop();

    expect(gaps).toEqual([]);
    const stood = Math.round(stoodAt * rate);
    const still = indexOf(stoodAt + player.latency);
    const resumed = indexOf(stoodAt + shift + player.latency);
    expect(peak(left.subarray(still + 2, resumed))).toBeLessThan(1e-4);
    const heard = left.subarray(resumed + 300, resumed + 300 + Math.round(rate / 2));
    const expected = heard.map((_, frame) => tone(stood - first + 300 + frame));
    expect(peak(heard.map((sample, frame) => sample - (expected[frame] ?? 0)))).toBeLessThan(1e-3);
    expect(clicks(left)).toEqual([]);
    await vi.waitFor(() => expect(player.held.sources).toBe(0));
  });

  it("plays nothing of an earlier chunk whose memory it uses again", RECORDED, async () => {
    const player = playerFor();
    await player.start();
    const rate = player.sampleRate;
    const recorder = await startRecorder(player.output);
    player.open("a", { at: player.now(), fade: seconds(0) });
    player.play(
      "a",
      chunkOf(12_000, () => 0.5),
      seconds(player.now() + 0.2),
    );
    await vi.waitFor(() => expect(player.held.sources).toBe(0), { timeout: 30_000 });
    const first = Math.round((player.now() + 0.4) * rate);
    const quiet = (length: number) => chunkOf(length, () => 0.1);
    player.play("a", quiet(11_000), seconds(first / rate));
    player.play("a", quiet(12_000), seconds((first + 11_000) / rate));
    await reached(player, (first + 23_000) / rate + 0.2);
    const { left, gaps, indexOf } = await recorder.stop();

    expect(gaps).toEqual([]);
    const from = indexOf(first / rate + player.latency);
    // Both chunks without the fades at their ends.
    const heard = left.subarray(from + 400, from + 23_000 - 400);
    expect(heard.every((sample) => Math.abs(sample - 0.1) < 1e-3)).toBe(true);
  });

  it("frees voices and chunks over a hundred takes", async () => {
    const player = playerFor();
    await player.start();
    const chunk = chunkOf(2_000, () => 0.1);
    for (let take = 0; take < 100; take += 1) {
      const at = seconds(player.now() + 0.5 + take * 0.005);
      player.open(`take ${take}`, { at, fade: seconds(0.01) });
      player.play(`take ${take}`, chunk, at);
      player.play(`take ${take}`, chunk, seconds(at + 60));
      player.close(`take ${take}`, { at: seconds(at + 0.02), fade: seconds(0.01) });
    }
    expect(player.counters.stopped).toBe(100);
    await reached(player, player.now() + 1.5);
    player.close("none", { at: player.now(), fade: seconds(0) });
    await vi.waitFor(() => expect(player.held).toEqual({ voices: 0, sources: 0, frames: 0 }));
  });

  it("closes its own context when it is disposed, once", async () => {
    const player = createPlayer();
    await player.start();
    const states: string[] = [];
    player.onStateChange((state) => states.push(state));
    const disposed = player.dispose();
    expect(player.dispose()).toBe(disposed);
    await disposed;
    expect(player.context.state).toBe("closed");
    expect(states).toEqual(["closed"]);
    await expect(player.start()).rejects.toMatchObject({ name: "InvalidStateError" });
  });
});

describe("a player in the page's context", () => {
  it(
    "falls silent on dispose without a click and leaves the context running",
    RECORDED,
    async () => {
      const context = foreign();
      const player = createPlayer(context);
      await player.start();
      const meter = new GainNode(context);
      player.output.connect(meter);
      const recorder = await startRecorder(meter);
      const at = seconds(player.now() + 0.3);
      player.open("a", { at, fade: seconds(0) });
      player.play(
        "a",
        chunkOf(20 * player.sampleRate, (frame) => 0.2 * Math.sin(frame / 20)),
        at,
      );
      await reached(player, at + 0.3);
      await player.dispose();
      const gone = context.currentTime + 0.1;
      await vi.waitFor(() => expect(context.currentTime).toBeGreaterThan(gone + 0.3), {
        timeout: 30_000,
      });
      const { left, indexOf } = await recorder.stop();
      expect(peak(left.subarray(0, indexOf(gone)))).toBeGreaterThan(0.19);
      expect(peak(left.subarray(indexOf(gone)))).toBe(0);
      expect(clicks(left)).toEqual([]);
      expect(context.state).toBe("running");
      expect(player.held).toEqual({ voices: 0, sources: 0, frames: 0 });
    },
  );

  it("touches neither the page's Tone context nor its state handler", () => {
    const global = getContext();
    const context = foreign();
    const handler = vi.fn();
    context.addEventListener("statechange", handler);
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- this property is what is tested
    context.onstatechange = handler;
    const player = playerFor(context);
    expect(player.context).toBe(context);
    expect(context.onstatechange).toBe(handler);
    expect(getContext()).toBe(global);
    expect(global.rawContext).not.toBe(context);
  });

  it("tells of every change of state until it is told to stop", async () => {
    const context = foreign();
    const player = playerFor(context);
    await player.start();
    const states: string[] = [];
    const stop = player.onStateChange((state) => states.push(state));
    await context.suspend();
    await vi.waitFor(() => expect(states).toEqual(["suspended"]));
    await player.start();
    await vi.waitFor(() => expect(states).toEqual(["suspended", "running"]));
    stop();
    await context.suspend();
    expect(states).toHaveLength(2);
  });

  it("says so when the browser refuses to start", async () => {
    const context = foreign();
    await context.suspend();
    vi.spyOn(context, "resume").mockReturnValue(new Promise(() => undefined));
    const player = playerFor(context);
    await expect(player.start()).rejects.toMatchObject({
      name: "NotAllowedError",
      message: expect.stringContaining("call start() from a click or a key press"),
    });
  });

  it("says so when the context runs but its clock stands still", async () => {
    const context = foreign();
    vi.spyOn(context, "currentTime", "get").mockReturnValue(1.5);
    const player = playerFor(context);
    await expect(player.start()).rejects.toMatchObject({ name: "InvalidStateError" });
  });

  it("changes the volume without a click", RECORDED, async () => {
    const player = playerFor();
    await player.start();
    const recorder = await startRecorder(player.output);
    const at = seconds(player.now() + 0.3);
    player.open("a", { at, fade: seconds(0) });
    player.play(
      "a",
      chunkOf(3 * player.sampleRate, (frame) => 0.2 * Math.sin(frame / 20)),
      at,
    );
    await reached(player, at + 0.5);
    player.setVolume(decibels(-20));
    await reached(player, player.now() + 0.5);
    const { left } = await recorder.stop();
    expect(peak(left.subarray(-4_096))).toBeCloseTo(0.02, 3);
    expect(clicks(left)).toEqual([]);
  });
});
