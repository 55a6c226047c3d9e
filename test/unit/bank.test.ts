import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fitPhrase, nearestPhrase, type Bank } from "../../engine/bank/bank.ts";
import { packTake, readBank } from "../../engine/bank/bank-file.ts";
import { shippedBank } from "../../engine/bank/shipped.ts";
import { planPhrase } from "../../engine/composer/phrase-plan.ts";
import { scaleOf } from "../../engine/music/key.ts";
import { STEMS } from "../../engine/music/stem.ts";
import { ticksPerBar } from "../../engine/time/meter.ts";
import { unitInterval } from "../../engine/time/units.ts";
import { mood } from "../helpers/score.ts";

const plan = (changes: Parameters<typeof mood>[1] = {}, length = 4) =>
  planPhrase({
    mood: mood("calm", changes),
    length,
    visit: 0,
    index: 0,
    intensity: unitInterval(0.5),
    seed: 1,
  });

const bankTake = (bank: Bank, wanted: ReturnType<typeof plan>) =>
  fitPhrase(nearestPhrase(bank, wanted), wanted);

describe("the bank", () => {
  test("was written by the model that ships with it", () => {
    const manifest = JSON.parse(readFileSync("models/shipped/lite/model.json", "utf8")) as {
      files: { wasm: { sha256: string } };
    };
    expect(shippedBank.model).toBe(manifest.files.wasm.sha256);
  });

  test("holds notes of every stem in every phrase", () => {
    for (const phrase of shippedBank.phrases) {
      for (const stem of STEMS) expect(phrase.notes[stem].length).toBeGreaterThan(0);
    }
  });

  test("fits a phrase to the plan's key, length and stems", () => {
    const key = { tonic: 9, mode: "aeolian" as const };
    const wanted = plan({ key, stems: { melody: unitInterval(0), bass: unitInterval(0) } }, 6);
    const take = bankTake(shippedBank, wanted);
    expect(take.bars).toHaveLength(6);
    expect(take.notes.drums).toEqual([]);
    const end = 6 * ticksPerBar("4/4");
    const notes = [...take.notes.melody, ...take.notes.bass];
    expect(notes.length).toBeGreaterThan(0);
    for (const { at, duration } of notes) expect(at + duration).toBeLessThanOrEqual(end);
    const scale = new Set(scaleOf("aeolian").map((step) => (step + 9) % 12));
    const inKey = notes.filter(({ pitch }) => scale.has(pitch % 12));
    expect(inKey.length / notes.length).toBeGreaterThan(0.8);
  });

  test.each(Array.from({ length: 12 }, (_, tonic) => tonic))(
    "keeps the bass between E1 and C4, %i semitones above C",
    (tonic) => {
      const { bass } = bankTake(shippedBank, plan({ key: { tonic, mode: "aeolian" } })).notes;
      expect(bass.length).toBeGreaterThan(0);
      for (const { pitch } of bass) {
        expect(pitch).toBeGreaterThanOrEqual(28);
        expect(pitch).toBeLessThanOrEqual(60);
      }
    },
  );

  test("a take that is packed and read again is the same", () => {
    const take = bankTake(shippedBank, plan({ key: { tonic: 0, mode: "dorian" } }));
    const phrase = packTake(take);
    const bank = readBank(JSON.parse(JSON.stringify({ model: "m", phrases: [phrase] })));
    const again = bankTake(bank, plan({ key: { tonic: 0, mode: "dorian" } }));
    expect(again.notes).toEqual(take.notes);
  });

  test.each([
    ["nothing", undefined, "no object"],
    ["no phrases", { model: "m", phrases: [] }, "no phrases"],
    ["an unknown mode", { model: "m", phrases: [{ mode: "blue", meter: "4/4" }] }, "unknown mode"],
  ])("refuses %s by saying what is wrong", (_, data, message) => {
    expect(() => readBank(data)).toThrow(message);
  });
});
