/** What a job is ordered and cancelled by. */
export interface Job {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly priority: number;
}

export interface Queue<Wanted extends Job, Done> {
  /** Resolves or rejects as `perform` does. */
  submit(job: Wanted): Promise<Done>;
  /** Tells a running job through its `isCancelled`; a waiting one is performed at once, cancelled. */
  cancel(id: string): void;
}

interface Entry<Wanted, Done> {
  readonly job: Wanted;
  readonly resolve: (done: Done | PromiseLike<Done>) => void;
  cancelled: boolean;
}

/**
 * One job at a time: the highest priority first, among equal ones the earliest deadline, then the one
 * that came first. `perform` is asked for every job, also for one that was cancelled in the queue.
 */
export function createQueue<Wanted extends Job, Done>(
  perform: (job: Wanted, isCancelled: () => boolean) => Promise<Done>,
): Queue<Wanted, Done> {
  const waiting: Entry<Wanted, Done>[] = [];
  let running: Entry<Wanted, Done> | undefined;

  const start = (entry: Entry<Wanted, Done>): Promise<unknown> => {
    const done = perform(entry.job, () => entry.cancelled);
    entry.resolve(done);
    return done;
  };
  const startNext = (): void => {
    if (running !== undefined) return;
    running = waiting.shift();
    if (running === undefined) return;
    const free = (): void => {
      running = undefined;
      startNext();
    };
    start(running).then(free, free);
  };
  return {
    submit: (job) =>
      new Promise<Done>((resolve) => {
        waiting.push({ job, resolve, cancelled: false });
        waiting.sort((a, b) => b.job.priority - a.job.priority || a.job.deadline - b.job.deadline);
        startNext();
      }),
    cancel: (id) => {
      if (running?.job.id === id) running.cancelled = true;
      const index = waiting.findIndex(({ job }) => job.id === id);
      const entry = waiting[index];
      if (entry === undefined) return;
      waiting.splice(index, 1);
      entry.cancelled = true;
      entry.resolve(perform(entry.job, () => true));
    },
  };
}
