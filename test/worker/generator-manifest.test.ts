import { describe, expect, test } from "vitest";
import { parseManifest } from "../../engine/generator-worker/manifest.ts";
import manifest from "../../models/shipped/full/model.json" with { type: "json" };

/** The shipped manifest with one thing changed. */
const changed = (change: (copy: typeof manifest) => void): string => {
  const copy = structuredClone(manifest);
  change(copy);
  return JSON.stringify(copy);
};

const refusal = (text: string): string => {
  try {
    parseManifest(text, "model.json");
    return "accepted";
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : "no error";
  }
};

describe("model.json", () => {
  test("of the shipped model is accepted", () => {
    const { name, files, voicings } = parseManifest(JSON.stringify(manifest), "model.json");
    expect(name).toBe(manifest.name);
    expect(files.webgpu.sha256).toBe(manifest.files.webgpu.sha256);
    expect(voicings.shapes).toEqual(manifest.vocabulary.voicings);
  });

  test("that is no JSON is refused", () => {
    expect(refusal("<!doctype html>")).toBe("ManifestError: model.json: not JSON");
    expect(refusal("null")).toMatch(/^ManifestError/);
  });

  test("without a hash is refused, and the field is named", () => {
    const text = changed((copy) => Object.assign(copy.files.wasm, { sha256: 5 }));
    expect(refusal(text)).toBe("ManifestError: model.json: files.wasm.sha256 must be text, got 5");
  });

  test("with other lanes is refused", () => {
    const text = changed((copy) => copy.vocabulary.lanes.reverse());
    expect(refusal(text)).toMatch(/^ManifestError: model.json: vocabulary.lanes is another/);
  });

  test("with fewer chords is refused", () => {
    const text = changed((copy) => Object.assign(copy.vocabulary, { chordClasses: 97 }));
    expect(refusal(text)).toMatch(/vocabulary.chordClasses is another vocabulary .*: 97$/);
  });

  test("with voicings that are no numbers is refused", () => {
    const text = changed((copy) => Object.assign(copy.vocabulary, { voicings: [["C"]] }));
    expect(refusal(text)).toMatch(/vocabulary.voicings must be lists of semitones/);
  });

  test("may name the quartiles of density", () => {
    const density = { melody: [0.1, 0.2, 0.3] };
    const text = changed((copy) => Object.assign(copy.vocabulary, { quartiles: { density } }));
    expect(parseManifest(text, "model.json").cuts.melody).toEqual([0.1, 0.2, 0.3]);
  });
});
