/** Seconds between two flashes: no more than three a second, which is safe for whom flicker makes ill. */
const FLASH_APART = 1 / 3;

/** Lets a pulse through while it falls, and lets it rise again `FLASH_APART` after its last rise at the earliest. */
export function steadyPulse(): (value: number, dt: number) => number {
  let shown = 0;
  let since = FLASH_APART;
  return (value, dt) => {
    since += dt;
    if (value <= shown) return (shown = value);
    // A beat that comes too early for the eye is left out.
    if (since < FLASH_APART) return shown;
    since = 0;
    return (shown = value);
  };
}
