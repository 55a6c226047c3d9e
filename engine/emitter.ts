/** Typed events. A listener that throws is reported and does not keep the others from hearing. */
export interface Emitter<Events> {
  on<Kind extends keyof Events>(kind: Kind, listener: (event: Events[Kind]) => void): () => void;
  emit<Kind extends keyof Events>(kind: Kind, event: Events[Kind]): void;
}

export function createEmitter<Events>(
  onListenerError: (kind: keyof Events, error: unknown) => void,
): Emitter<Events> {
  const listeners: { [Kind in keyof Events]?: Set<(event: Events[Kind]) => void> } = {};
  return {
    on(kind, listener) {
      const known = (listeners[kind] ??= new Set());
      known.add(listener);
      return () => known.delete(listener);
    },
    emit(kind, event) {
      for (const listener of listeners[kind] ?? []) {
        try {
          listener(event);
        } catch (error) {
          onListenerError(kind, error);
        }
      }
    },
  };
}
