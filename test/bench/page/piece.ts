import { fitPhrase, nearestPhrase } from "../../../engine/bank/bank.ts";
import { shippedBank } from "../../../engine/bank/shipped.ts";
import { planPhrase, type PhrasePlan } from "../../../engine/composer/phrase-plan.ts";
import { frameNotes } from "../../../engine/conductor/frames.ts";
import { perStem, type PerStem } from "../../../engine/music/stem.ts";
import type { FrameNote } from "../../../engine/renderer-worker/service.ts";
import { parseScore } from "../../../engine/score/parse-score.ts";
import { seconds, unitInterval } from "../../../engine/time/units.ts";
import { PALETTE_NAMES } from "attacca";
import { SCORE } from "./score.ts";

export const SAMPLE_RATE = 44_100;
/** At 120 bpm. */
export const BAR_SECONDS = 2;

/** The plan of a phrase as the engine would make it, all five stems in play. */
export function planOf(bars: number, seed: number): PhrasePlan {
  const parsed = parseScore(SCORE, { palettes: PALETTE_NAMES });
  const mood = parsed.ok ? parsed.score.moods[0] : undefined;
  if (mood === undefined) throw new Error("the benchmark's score has mistakes");
  return planPhrase({
    mood,
    length: bars,
    visit: 0,
    index: 0,
    intensity: unitInterval(0.5),
    seed,
  });
}

/** Notes that the model wrote once: they are the same on every machine and need no model now. */
export function notesOf(bars: number, seed: number): PerStem<readonly FrameNote[]> {
  const plan = planOf(bars, seed);
  const take = fitPhrase(nearestPhrase(shippedBank, plan), plan);
  const tempo = take.bars[0]?.tempo;
  if (tempo === undefined) throw new Error("the bank gave a phrase without bars");
  const place = { setting: { startsAt: seconds(0), tempo, meter: "4/4" as const }, firstBar: 0 };
  return perStem((stem) => frameNotes(take.notes[stem], place, SAMPLE_RATE));
}
