import type { Score } from "../../engine/score/score.ts";
import { formatKey } from "../../engine/music/key.ts";
import type { Theme } from "../../engine/theme/theme.ts";
import { clicksIn, lostIn } from "../faults/page/measure.ts";
import type { Recording } from "../helpers/recorder.ts";
import { longestSilence } from "../helpers/pcm-measure.ts";
import type { Moment, Tune } from "./page/watch.ts";
import type { Walked } from "./walk.ts";

/** A mood whose melody is the theme: how like it was, and how like the score wants it. */
interface ThemeHeard {
  readonly mood: string;
  readonly phrases: number;
  /** Means, 0–1. */
  readonly onsetsKept: number;
  readonly contour: number;
  readonly wanted: readonly [number, number];
}

/** What is heard of a walk. */
export interface Hearing {
  /** Share of the quiet walking in which one stem plays or none, 0–1, and the seconds of it. */
  readonly thin: { readonly share: number; readonly seconds: number };
  /** Stems at once in quiet walking, as a mean. */
  readonly stems: number;
  /** Breaks of the wave in the whole recording, and those within 60 ms of a seam: where a phrase or a mood begins. */
  readonly clicks: number;
  readonly clicksAtSeams: number;
  readonly seams: number;
  /** Seconds below -60 dBFS at most, and seconds that the browser's audio thread lost. */
  readonly silence: number;
  readonly lost: number;
  readonly themes: readonly ThemeHeard[];
}

/** Moods in which one walks and nothing threatens. */
const QUIET = /^(wander|mystery|rest|deep-rest|home|ember)/;
/** Seconds around a seam in which a break would be its own. */
const NEAR = 0.06;
/** Decibels of full scale. */
const SILENT = -60;

export function hear(walked: Walked, recording: Recording, score: Score, theme: Theme): Hearing {
  const { taped, cues, moments } = walked;
  const until = taped.from + taped.frames / taped.sampleRate;
  const quiet = moments.filter(
    ({ screen, mood, at }) =>
      screen === "walk" && QUIET.test(mood) && at >= taped.from && at <= until,
  );
  const thin = quiet.filter(({ stems }) => stems.length <= 1);
  const clicks = clicksIn(recording);
  const seams = cues
    .filter(({ kind, at }) => (kind === "phrase" || kind === "mood") && at < until)
    .map(({ at }) => at - taped.from);
  const isAtSeam = (at: number): boolean => seams.some((seam) => Math.abs(at - seam) < NEAR);
  return {
    thin: { share: thin.length / quiet.length, seconds: spanOf(quiet) },
    stems: quiet.reduce((sum, { stems }) => sum + stems.length, 0) / quiet.length,
    clicks: clicks.length,
    clicksAtSeams: clicks.filter(({ at }) => isAtSeam(at)).length,
    seams: new Set(seams.map((seam) => seam.toFixed(2))).size,
    silence: longestSilence(recording.left, recording.sampleRate, SILENT).duration,
    lost: lostIn(recording),
    themes: themesHeard(walked.tunes, score, theme),
  };
}

/** Moments are a quarter of a second apart. */
const spanOf = (moments: readonly Moment[]): number => moments.length / 4;

/** Of the phrases that state it: a phrase that answers or leads on is a variation of one of them. */
function themesHeard(tunes: readonly Tune[], score: Score, theme: Theme): readonly ThemeHeard[] {
  return score.moods.flatMap((mood): readonly ThemeHeard[] => {
    const given = mood.theme;
    const stated = tunes.filter(({ mood: name, role }) => name === mood.name && role === "A");
    if (given === undefined || stated.length === 0) return [];
    const likenesses = stated.map(({ melody, bars }) => {
      const { register, density } = given;
      const fit = theme.fit({ key: mood.key, meter: mood.meter, bars, register, density });
      return theme.compare(fit.melody, melody, mood.meter);
    });
    const mean = (of: (each: (typeof likenesses)[number]) => number): number =>
      likenesses.reduce((sum, each) => sum + of(each), 0) / likenesses.length;
    return [
      {
        mood: `${mood.name}, ${formatKey(mood.key)}`,
        phrases: stated.length,
        onsetsKept: mean(({ onsetsKept }) => onsetsKept),
        contour: mean(({ contour }) => contour),
        wanted: given.likeness,
      },
    ];
  });
}
