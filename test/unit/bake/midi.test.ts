import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import toneMidi from "@tonejs/midi";
import { afterAll, describe, expect, it } from "vitest";
import type { GameEvent } from "../../../engine/director/event.ts";
import { ticksPerBar } from "../../../engine/time/meter.ts";
import { perStem } from "../../../engine/music/stem.ts";
import { midiPitch, milliseconds, seconds, ticks, velocity } from "../../../engine/time/units.ts";
import { scoreOf } from "../../../integrations/cli/bake/given-score.ts";
import { heardNotes } from "../../../integrations/cli/bake/heard.ts";
import { midiOf } from "../../../integrations/cli/bake/midi.ts";
import { perform, type Played, type Players } from "../../../integrations/cli/bake/performance.ts";
import { createTape } from "../../../integrations/cli/bake/tape.ts";
import { readWithMido, WITHOUT_MIDO } from "../../helpers/mido.ts";

const folder = mkdtempSync(join(tmpdir(), "attacca-midi-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const SCORE = `attacca: 1
title: Two tempos
tempo: 120
moods:
  calm: { key: D dorian, phrase: 4 bars }
  wild: { tempo: 150, key: Bb minor, meter: 3/4, phrase: 4 bars }
stingers:
  found: { at: beat, length: 1 bar }
transitions:
  - { from: calm, to: wild, at: bar, fade: 1 beat, bridge: 2 bars }
  - { from: any, to: any, at: bar }
`;

/** A model that writes two notes a bar in each stem, and an instrument without a sound. */
function silentStaff(): Players {
  let asked = 0;
  let known = 0;
  return {
    writing: {
      generate: ({ id, bars, mask }) => {
        asked += 1;
        const notes = perStem((stem) =>
          bars.flatMap(({ meter }, bar) =>
            mask[bar]?.[stem] === "absent" || mask[bar]?.[stem] === "keep"
              ? []
              : [0, 0.5].map((share, index) => ({
                  at: ticks((bar + share) * ticksPerBar(meter)),
                  duration: ticks(240 + 100 * index),
                  pitch: midiPitch(stem === "bass" ? 40 + bar : 60 + bar + 12 * index),
                  velocity: velocity(70 + bar),
                })),
          ),
        );
        const none = milliseconds(0);
        const times = { elapsed: none, queued: none };
        return Promise.resolve({
          id,
          outcome: "written",
          notes,
          backend: "wasm",
          passes: 1,
          ...times,
        });
      },
      cancel: () => undefined,
      revise: () => undefined,
      rest: () => undefined,
    },
    rendering: {
      render: ({ take, from, to }) => {
        const silence = new Float32Array(to - from);
        const cost = milliseconds(0);
        return Promise.resolve({ take, from, to, left: silence, right: silence, cost });
      },
      release: () => undefined,
      recycle: () => undefined,
    },
    settled: async () => {
      for (let turn = 0; turn < 64; turn += 1) await Promise.resolve();
      const wasAsked = asked !== known;
      known = asked;
      return wasAsked;
    },
  };
}

async function play(events: readonly GameEvent[], end: number): Promise<Played> {
  const { score, themes } = await scoreOf(SCORE, "test");
  const tape = createTape(8000);
  const piece = { score, themes, seed: 1, events, end: seconds(end) };
  return perform(piece, { staff: silentStaff(), tape }, () => Promise.resolve());
}

const hold = (mood: string, at: number): GameEvent => ({
  kind: "hold",
  at: seconds(at),
  id: at,
  mood,
  priority: 9,
  lasts: undefined,
});
const trigger: GameEvent = { kind: "trigger", at: seconds(3), stinger: "found" };

/** Hundredths of a second, their halves out of the way of rounding. */
const written = (time: number): string => (time + 0.0013).toFixed(2);

/** Notes as `time length pitch velocity`, by track. */
function notesOf(played: Played): ReadonlyMap<string, readonly string[]> {
  const tracks = new Map<string, string[]>();
  for (const { stem, isStinger, from, to, pitch, velocity: loud } of heardNotes(played)) {
    const name = isStinger ? `stinger ${stem}` : stem;
    const line = `${written(from)} ${written(to - from)} ${pitch} ${loud}`;
    tracks.set(name, [...(tracks.get(name) ?? []), line].toSorted());
  }
  return tracks;
}

describe("MIDI of a transition over a bridge, with a stinger", async () => {
  const end = 24;
  const played = await play([hold("calm", -1), trigger, hold("wild", 9)], end);
  const bytes = midiOf(played, "Two tempos");
  const file = join(folder, "music.mid");
  writeFileSync(file, bytes);

  it("has the notes that were heard, by @tonejs/midi", () => {
    const midi = new toneMidi.Midi(bytes);
    const found = midi.tracks
      .filter(({ notes }) => notes.length > 0)
      .map(({ name, notes }): [string, readonly string[]] => [
        name,
        notes
          .map(
            ({ time, duration, midi: pitch, velocity: loud }) =>
              `${written(time)} ${written(duration)} ${pitch} ${Math.round(loud * 127)}`,
          )
          .toSorted(),
      ]);
    const heard = notesOf(played);
    expect([...heard.keys()]).toContain("stinger melody");
    expect(heard.get("melody")?.length).toBeGreaterThan(20);
    expect(new Map(found)).toEqual(heard);
  });

  it("has the notes that were heard, by mido", (context) => {
    context.skip(WITHOUT_MIDO !== undefined, WITHOUT_MIDO);
    const { tempos, ticksPerQuarter, tracks } = readWithMido(file);
    const secondsAt = (tick: number): number =>
      tempos.reduce((time, { tick: from, microseconds }, index) => {
        const to = Math.min(tick, tempos[index + 1]?.tick ?? Infinity);
        return time + (Math.max(0, to - from) / ticksPerQuarter) * (microseconds / 1e6);
      }, 0);
    const found = tracks
      .filter(({ notes }) => notes.length > 0)
      .map(({ name, notes }): [string, readonly string[]] => [
        name,
        notes
          .map(({ tick, ticks: length, pitch, velocity: loud }) => {
            const [from, to] = [secondsAt(tick), secondsAt(tick + length)];
            return `${written(from)} ${written(to - from)} ${pitch} ${loud}`;
          })
          .toSorted(),
      ]);
    expect(new Map(found)).toEqual(notesOf(played));
  });

  it("says the tempo, meter and key of each section, and marks moods, bridge and stinger", () => {
    const { header } = new toneMidi.Midi(bytes);
    expect(header.tempos[0]?.bpm).toBeCloseTo(120, 2);
    expect(header.tempos.at(-1)?.bpm).toBeCloseTo(150, 2);
    expect(header.timeSignatures.map(({ timeSignature }) => timeSignature)).toEqual([
      [4, 4],
      [3, 4],
    ]);
    const markers = header.meta.filter(({ type }) => type === "marker").map(({ text }) => text);
    expect(markers).toContain("calm (D dorian)");
    expect(markers).toContain("bridge calm to wild (D dorian)");
    expect(markers).toContain("wild (Bb aeolian)");
    expect(markers).toContain("stinger found");
  });

  it("keeps the letters of every script in its names and markers, by mido", (context) => {
    context.skip(WITHOUT_MIDO !== undefined, WITHOUT_MIDO);
    const named = join(folder, "named.mid");
    writeFileSync(named, midiOf(played, "Höhle 洞窟 🔥"));
    expect(readWithMido(named).tracks[0]?.name).toBe("Höhle 洞窟 🔥");
  });
});

it.each([0.1, 0.9])("a piece is written for its intensity in every phrase: %f", async (value) => {
  const asked: GameEvent = { kind: "signal", at: seconds(-1), name: "intensity", value };
  const { phrases } = await play([hold("calm", -1), asked], 40);
  const later = phrases.filter(({ phrase }) => phrase.index > 0);
  expect(later.length).toBeGreaterThanOrEqual(3);
  for (const { phrase } of later) {
    const { arousal } = phrase.section.mood;
    for (const bar of phrase.plan.bars) {
      expect(Math.abs(bar.intensity - (arousal + value) / 2)).toBeLessThan(0.1);
    }
  }
});
