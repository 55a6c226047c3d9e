/** What decides the order of jobs. */
interface Terms {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly priority: number;
}

/** What a job is ordered and cancelled by. */
export interface Job extends Terms {
  readonly id: string;
}

/** What a job that is performed may ask. */
export interface Turn {
  isCancelled(): boolean;
  /** As they are now: the caller may have revised them. */
  terms(): Terms;
  /** Has every waiting job that goes first performed before this one goes on. */
  giveWay(): Promise<void>;
}

export interface Queue<Wanted extends Job, Done> {
  /** Resolves or rejects as `perform` does. */
  submit(job: Wanted): Promise<Done>;
  /** Tells a running job through its turn; a waiting one is performed at once, cancelled. Unknown ids are ignored. */
  cancel(id: string): void;
  /** Changes the order of a job. Unknown ids are ignored. */
  revise(id: string, terms: Terms): void;
}

interface Entry<Wanted, Done> {
  readonly job: Wanted;
  readonly resolve: (done: Done | PromiseLike<Done>) => void;
  terms: Terms;
  cancelled: boolean;
}

/**
 * One job at a time: the highest priority first, among equal ones the earliest deadline, then the one
 * that came first. A running job lets better ones pass wherever it gives way. `perform` is asked for
 * every job, also for one that was cancelled in the queue.
 */
export function createQueue<Wanted extends Job, Done>(
  perform: (job: Wanted, turn: Turn) => Promise<Done>,
): Queue<Wanted, Done> {
  const waiting: Entry<Wanted, Done>[] = [];
  /** The last one runs; those before it have given way. */
  const begun: Entry<Wanted, Done>[] = [];

  const sort = (): void => void waiting.sort((a, b) => order(a.terms, b.terms));
  const run = async (entry: Entry<Wanted, Done>): Promise<void> => {
    begun.push(entry);
    const done = perform(entry.job, {
      isCancelled: () => entry.cancelled,
      terms: () => entry.terms,
      giveWay: () => giveWay(entry),
    });
    entry.resolve(done);
    // Whoever submitted it is told of an error.
    await Promise.allSettled([done]);
    begun.pop();
  };
  const giveWay = async (entry: Entry<Wanted, Done>): Promise<void> => {
    for (;;) {
      const [next] = waiting;
      if (next === undefined || order(next.terms, entry.terms) >= 0) return;
      waiting.shift();
      await run(next);
    }
  };
  const startNext = (): void => {
    if (begun.length > 0) return;
    const next = waiting.shift();
    if (next !== undefined) void run(next).then(startNext);
  };
  return {
    submit: (job) =>
      new Promise<Done>((resolve) => {
        const { deadline, priority } = job;
        waiting.push({ job, resolve, terms: { deadline, priority }, cancelled: false });
        sort();
        startNext();
      }),
    cancel: (id) => {
      for (const entry of begun) if (entry.job.id === id) entry.cancelled = true;
      const index = waiting.findIndex(({ job }) => job.id === id);
      const entry = waiting[index];
      if (entry === undefined) return;
      waiting.splice(index, 1);
      entry.resolve(
        perform(entry.job, {
          isCancelled: () => true,
          terms: () => entry.terms,
          giveWay: () => Promise.resolve(),
        }),
      );
    },
    revise: (id, terms) => {
      for (const entry of [...begun, ...waiting]) if (entry.job.id === id) entry.terms = terms;
      sort();
    },
  };
}

/** Negative where `a` goes before `b`. */
const order = (a: Terms, b: Terms): number => b.priority - a.priority || a.deadline - b.deadline;
