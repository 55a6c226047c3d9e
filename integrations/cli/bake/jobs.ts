import { ticksPerBar } from "../../../engine/time/meter.ts";
import { secondsOf } from "../../../engine/time/section.ts";
import type { Mood, Score } from "../../../engine/score/score.ts";
import { BakeError } from "./bake-error.ts";
import { builtInScore } from "./built-in.ts";
import { readScore } from "./given-score.ts";
import type { Job } from "./job.ts";
import { stingersOf, transitionsOf } from "./moments.ts";
import type { BakeOptions } from "./options.ts";
import { TASKS } from "./tasks.ts";

/**
 * What the options ask for, piece by piece, in an order that is always the same; of these every so-manieth
 * where only a shard is wanted. Throws `BakeError`.
 */
export async function jobsOf(options: BakeOptions): Promise<readonly Job[]> {
  const { part, of } = options.shard;
  return (await allJobsOf(options)).filter((_, index) => index % of === part - 1);
}

async function allJobsOf(options: BakeOptions): Promise<readonly Job[]> {
  const { score: file, seed, dials, parts, bank, session, task } = options;
  if (task !== undefined) return [taskJob(task, options)];
  const isMany = parts.length > 0 || bank > 0;
  if (file === undefined && (isMany || session !== undefined)) {
    const flag = session === undefined ? (parts[0] ?? "bank") : "session";
    throw new BakeError(`--${flag} needs a score: --score FILE`);
  }
  const score: Job["score"] =
    file === undefined ? { kind: "built-in", ...builtInScore(dials) } : { kind: "file", file };
  if (file !== undefined && isMany) {
    const jobs = manyJobs((await readScore(file)).score, options, { score, seed });
    if (jobs.length === 0) throw new BakeError(`the score has no ${parts.join(" and ")} to bake`);
    return jobs;
  }
  const wish: Job["wish"] =
    session === undefined ? trackWish(options, dials.mood) : { kind: "session", file: session };
  return [{ name: "", score, seed, wish }];
}

const trackWish = (
  { location, duration, intensity, loops }: BakeOptions,
  mood: string | undefined,
): Extract<Job["wish"], { kind: "track" }> => ({
  kind: "track",
  mood,
  location,
  duration,
  intensity,
  loops,
});

/** The pieces of a score, or of one of its moods. */
function manyJobs(
  whole: Score,
  options: BakeOptions,
  { score, seed }: Pick<Job, "score" | "seed">,
): readonly Job[] {
  const { moods } = whole;
  const { mood: only } = options.dials;
  const found = moods.filter(({ name }) => only === undefined || name === only);
  if (found.length === 0) throw new BakeError(`the score has no mood "${only ?? ""}"`);
  const { location, intensity } = options;
  const job = (name: string, wish: Job["wish"]): Job => ({ name, score, seed, wish });
  const loopOf = ({ name }: Mood, folder: string): Job =>
    job(folder, { ...trackWish(options, name), loops: true });
  const makers: Readonly<Record<(typeof options.parts)[number], () => readonly Job[]>> = {
    transitions: () =>
      transitionsOf(whole, only).map(([from, to]) =>
        job(`transitions/${from}-to-${to}`, { kind: "transition", from, to, location, intensity }),
      ),
    stingers: () =>
      stingersOf(whole, only).map(([name, mood]) =>
        job(`stingers/${name}-in-${mood}`, { kind: "stinger", name, mood, location, intensity }),
      ),
    jingles: () =>
      found.map((mood) => {
        const duration = mood.phrase * secondsOf(ticksPerBar(mood.meter), mood.tempo);
        const wish = { ...trackWish(options, mood.name), duration, loops: false };
        return job(`jingles/${mood.name}`, wish);
      }),
    loops: () => found.map((mood) => loopOf(mood, `loops/${mood.name}`)),
  };
  const bank = Array.from({ length: options.bank }, (_, take) =>
    found.map((mood) => ({
      ...loopOf(mood, `bank/${mood.name}/${take + 1}`),
      seed: seed + take,
    })),
  );
  return [...options.parts.flatMap((part) => makers[part]()), ...bank.flat()];
}

/** Its file says tempo, meter and key; only its instruments may be chosen. */
function taskJob(
  task: NonNullable<BakeOptions["task"]>,
  { dials, seed, intensity }: BakeOptions,
): Job {
  const palette = dials.palette ?? TASKS[task.name].palette;
  const score = { kind: "built-in", ...builtInScore({ ...dials, palette }) } as const;
  return {
    name: "",
    score,
    seed,
    wish: { kind: "task", task: task.name, file: task.file, intensity },
  };
}
