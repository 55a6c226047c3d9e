/**
 * Tells how long every frame took, in milliseconds, while the page is seen; where there are no frames it tells
 * nothing. Returns a function that ends it.
 */
export function watchFrames(onFrame: (milliseconds: number) => void): () => void {
  if (typeof requestAnimationFrame === "undefined") return () => undefined;
  let last: number | undefined;
  let handle = requestAnimationFrame(function frame(now) {
    if (last !== undefined && document.visibilityState === "visible") onFrame(now - last);
    last = now;
    handle = requestAnimationFrame(frame);
  });
  return () => cancelAnimationFrame(handle);
}
