import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { planPhrase, type PhrasePlan } from "../../../engine/composer/phrase-plan.ts";
import { takeFrom } from "../../../engine/composer/request.ts";
import type { PhraseTake } from "../../../engine/composer/take.ts";
import { tuneName } from "../../../engine/conductor/songbook.ts";
import type { GenerationRequest, StemMask } from "../../../engine/generator/service.ts";
import { LIMITS } from "../../../engine/governor/tier.ts";
import { perStem, STEMS, type Stem } from "../../../engine/music/stem.ts";
import type { Mood } from "../../../engine/score/score.ts";
import { importMidi } from "../../../engine/theme/import-midi.ts";
import type { WrittenTheme } from "../../../engine/theme/theme.ts";
import { ticksPerBar } from "../../../engine/time/meter.ts";
import { secondsOf } from "../../../engine/time/section.ts";
import {
  milliseconds,
  seconds,
  unitInterval,
  type UnitInterval,
} from "../../../engine/time/units.ts";
import { BakeError, inOneLine } from "./bake-error.ts";
import type { GivenScore } from "./given-score.ts";
import type { Piece, Players } from "./performance.ts";

interface Task {
  /** What becomes of the melody of the file. */
  readonly melody: StemMask;
  /** What the model writes beside it. */
  readonly writes: readonly Stem[];
  /** Whether the chords of the file hold; otherwise the model finds its own. */
  readonly keepsChords: boolean;
  readonly palette: string;
}

export type TaskName = "melody-for" | "harmonise" | "drums-for" | "orchestrate" | "vary";

/** What the model can be asked for with a MIDI file: one mask each. */
export const TASKS: Readonly<Record<TaskName, Task>> = {
  "melody-for": { melody: "write", writes: ["harmony"], keepsChords: true, palette: "plucked" },
  harmonise: { melody: "keep", writes: ["harmony", "bass"], keepsChords: false, palette: "wooden" },
  "drums-for": { melody: "keep", writes: ["drums"], keepsChords: true, palette: "plucked" },
  orchestrate: {
    melody: "keep",
    writes: ["counter", "harmony", "bass", "drums"],
    keepsChords: true,
    palette: "orchestra",
  },
  vary: {
    melody: { rewrite: unitInterval(0.5) },
    writes: ["harmony", "bass"],
    keepsChords: true,
    palette: "wooden",
  },
};

export const TASK_NAMES: readonly TaskName[] = [
  "melody-for",
  "harmonise",
  "drums-for",
  "orchestrate",
  "vary",
];

/** A phrase of the engine has at least so many bars. */
const SHORTEST_PHRASE = 4;

/** Reads the first 8 bars of a MIDI file. Throws `BakeError` in one line for one that cannot be used. */
export async function readTaskFile(
  file: string,
): Promise<{ readonly theme: WrittenTheme; readonly remarks: readonly string[] }> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new BakeError(inOneLine(error, file));
  });
  const reading = importMidi(bytes);
  if (!reading.ok) throw new BakeError(`${file}: ${reading.problem}`);
  return {
    theme: reading.theme,
    remarks: reading.notes.map((note) => `${basename(file)}: ${note}`),
  };
}

/** The mood of a task: the tempo, meter and key of its file. */
function moodOf({ score }: GivenScore, theme: WrittenTheme, stems: readonly Stem[]): Mood {
  const [mood] = score.moods;
  if (mood === undefined) throw new BakeError("the score has no mood");
  const { tempo, meter, key, bars } = theme;
  const phrase = Math.max(SHORTEST_PHRASE, bars);
  const heard = Object.fromEntries(stems.map((stem) => [stem, unitInterval(0)]));
  return { ...mood, tempo, meter, key, phrase, stems: heard };
}

interface TaskWish {
  readonly task: TaskName;
  readonly theme: WrittenTheme;
  readonly seed: number;
  /** 0–1; undefined: as the mood has it. */
  readonly intensity: number | undefined;
}

/** Has the model write what a task leaves open, and plays it with what the file has. */
export async function taskPiece(
  given: GivenScore,
  wish: TaskWish,
  { writing }: Pick<Players, "writing">,
): Promise<Piece> {
  const { theme, seed } = wish;
  const task = TASKS[wish.task];
  const mood = moodOf(given, theme, ["melody", ...task.writes]);
  const intensity = unitInterval(wish.intensity ?? mood.arousal);
  const plan = planOf(task, mood, { theme, seed, intensity });
  const request = requestOf(task, plan, theme);
  const take = takeFrom(request, await writing.generate(request), plan);
  if (!STEMS.some((stem) => take.notes[stem].length > 0)) {
    throw new BakeError("the model wrote no note");
  }
  return {
    score: { ...given.score, moods: [mood] },
    themes: new Map(),
    seed,
    events: [{ kind: "signal", at: seconds(-1), name: "intensity", value: intensity }],
    end: seconds(theme.bars * secondsOf(ticksPerBar(mood.meter), mood.tempo)),
    // All is written: what else the conductor asks for is not answered.
    ending: { mood, phrase: -1, bar: 0, comesHome: false },
    restore: (conductor) =>
      conductor.learn(tuneName(mood.name, 0), [[0, padded(take, mood)]], true),
  };
}

function planOf(
  task: Task,
  mood: Mood,
  {
    theme,
    seed,
    intensity,
  }: Pick<TaskWish, "theme" | "seed"> & { readonly intensity: UnitInterval },
): PhrasePlan {
  const plan = planPhrase({
    mood: { ...mood, theme: undefined },
    visit: 0,
    index: 0,
    intensity,
    seed,
    length: theme.bars,
  });
  const none = [undefined, undefined] as const;
  const bars = plan.bars.map((bar, index) => ({
    ...bar,
    chords: task.keepsChords ? (theme.chords[index] ?? none) : none,
    density: perStem(() => "free" as const),
  }));
  return { ...plan, bars };
}

const requestOf = (
  task: Task,
  { bars, seed }: PhrasePlan,
  { melody }: WrittenTheme,
): GenerationRequest => ({
  id: "task",
  deadline: milliseconds(Infinity),
  priority: 0,
  passes: LIMITS.full.passes,
  seed,
  bars,
  given: perStem((stem) => (stem === "melody" && task.melody !== "write" ? melody : [])),
  mask: bars.map(() =>
    perStem((stem): StemMask =>
      stem === "melody" ? task.melody : task.writes.includes(stem) ? "write" : "absent",
    ),
  ),
});

/** As long as a phrase of its mood, with bars that nobody hears. */
function padded(take: PhraseTake, { phrase }: Mood): PhraseTake {
  const [first] = take.bars;
  if (first === undefined) return take;
  return { ...take, bars: Array.from({ length: phrase }, (_, bar) => take.bars[bar] ?? first) };
}
