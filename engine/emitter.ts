/**
 * Typed events, told one after the other: what a listener causes is told after what it is being told.
 * A listener that throws is reported and does not keep the others from hearing.
 */
export interface Emitter<Events> {
  /** From the next event on. The answer stops it at once. */
  on<Kind extends keyof Events>(kind: Kind, listener: (event: Events[Kind]) => void): () => void;
  emit<Kind extends keyof Events>(kind: Kind, event: Events[Kind]): void;
  /** Runs something whose events are told when it is over: a listener never meets it half done. */
  together(run: () => void): void;
  /** Nothing more is told, nor what waits to be. */
  close(): void;
}

/** Listeners that answer every event with another must not stop the page: the rest is told on a later turn. */
const MOST_AT_ONCE = 1000;

export function createEmitter<Events>(
  onListenerError: (kind: keyof Events, error: unknown) => void,
): Emitter<Events> {
  const listeners: { [Kind in keyof Events]?: Set<(event: Events[Kind]) => void> } = {};
  let waiting: (() => void)[] = [];
  let running = 0;
  let isTelling = false;
  let isClosed = false;

  function tell<Kind extends keyof Events>(kind: Kind, event: Events[Kind]): void {
    const known = listeners[kind];
    for (const listener of [...(known ?? [])]) {
      if (isClosed || known?.has(listener) !== true) continue;
      try {
        listener(event);
      } catch (error) {
        onListenerError(kind, error);
      }
    }
  }

  function tellAll(): void {
    if (running > 0 || isTelling) return;
    isTelling = true;
    for (let told = 0; told < MOST_AT_ONCE && waiting.length > 0; told += 1) waiting.shift()?.();
    isTelling = false;
    if (waiting.length > 0) setTimeout(tellAll);
  }

  return {
    on(kind, listener) {
      const known = (listeners[kind] ??= new Set());
      known.add(listener);
      return () => known.delete(listener);
    },
    emit(kind, event) {
      if (isClosed) return;
      waiting.push(() => tell(kind, event));
      tellAll();
    },
    together(run) {
      running += 1;
      try {
        run();
      } finally {
        running -= 1;
        tellAll();
      }
    },
    close() {
      isClosed = true;
      waiting = [];
    },
  };
}
