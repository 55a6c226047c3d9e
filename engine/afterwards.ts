/** Has something run once, when all that the page is doing now is done, however often it is asked for until then. */
export function afterwards(run: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    queueMicrotask(() => {
      isAsked = false;
      run();
    });
  };
}
