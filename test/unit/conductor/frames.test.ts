import { describe, expect, test } from "vitest";
import { planPhrase } from "../../../engine/composer/phrase-plan.ts";
import { partFrames } from "../../../engine/conductor/frames.ts";
import { createPhrase, partCount, type Phrase } from "../../../engine/conductor/phrase.ts";
import type { SectionCue } from "../../../engine/director/cue.ts";
import { bpm, seconds, unitInterval } from "../../../engine/time/units.ts";
import { direct, sections } from "../../helpers/directing.ts";
import { mood, score } from "../../helpers/score.ts";

/** In 3/4 at 97 bpm a bar is 81 835.05… frames at 44.1 kHz, 89 072.16… at 48, 178 144.32… at 96. */
const TEMPO = 97;
const BEATS = 3;
const BARS = 4;
const RATES = [44_100, 48_000, 96_000] as const;

const odd = score({
  moods: [mood("calm", { tempo: bpm(TEMPO), meter: "3/4" })],
  locations: [],
});

function phraseAt(index: number): Phrase {
  const [cue] = sections(direct([], 1, odd));
  if (cue === undefined) throw new Error("there is no section");
  const section: SectionCue = { ...cue, startsAt: seconds(0), entersAt: seconds(0) };
  const { mood: of, visit } = section;
  const plan = planPhrase({ mood: of, visit, index, intensity: unitInterval(0.5), seed: 1 });
  return createPhrase(section, { index }, plan);
}

/** In whole numbers, so without any rounding but the last: half a frame goes up. */
function exactFrame(halfBar: number, sampleRate: number): number {
  const numerator = BigInt(halfBar) * BigInt(BEATS * 60 * sampleRate);
  const denominator = 2n * BigInt(TEMPO);
  return Number((2n * numerator + denominator) / (2n * denominator));
}

describe.each(RATES)("at %i Hz", (sampleRate) => {
  test("every half bar of five hours lies on the frame that is nearest to it", () => {
    const phrases = Math.ceil((5 * 3600) / ((BARS * BEATS * 60) / TEMPO));
    for (let index = 0; index < phrases; index += 7) {
      const phrase = phraseAt(index);
      for (let part = 0; part < partCount(phrase) - 1; part += 1) {
        const { startsAt } = partFrames(phrase, part, sampleRate);
        expect(startsAt).toBe(exactFrame(2 * BARS * index + part, sampleRate));
      }
    }
  });

  test("each half bar begins where the one before it ends, from phrase to phrase too", () => {
    let end: number = partFrames(phraseAt(2000), 0, sampleRate).startsAt;
    for (const phrase of [phraseAt(2000), phraseAt(2001), phraseAt(2002)]) {
      for (let part = 0; part < partCount(phrase) - 1; part += 1) {
        const { from, to, startsAt } = partFrames(phrase, part, sampleRate);
        expect(startsAt).toBe(end);
        end = startsAt + (to - from);
      }
    }
  });

  test("what rings after a phrase lasts a second and a half from where the next one begins", () => {
    const phrase = phraseAt(2000);
    const tail = partFrames(phrase, partCount(phrase) - 1, sampleRate);
    expect(tail.startsAt).toBe(partFrames(phraseAt(2001), 0, sampleRate).startsAt);
    expect(tail.to - tail.from).toBe(1.5 * sampleRate);
  });
});
