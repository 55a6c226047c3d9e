/** Of all soundfonts that a score brings: they are held in memory as they are, and what is played of them decoded beside that. */
export const MOST_FONT_BYTES = 64e6;

/** What is said of one that is too large. */
export const tooLarge = (bytes: number): Error =>
  new Error(
    `it has ${(bytes / 1e6).toFixed(1)} MB, expected at most ${MOST_FONT_BYTES / 1e6} MB of all soundfonts together`,
  );
