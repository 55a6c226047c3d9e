import { createSoundtrack, type Soundtrack, type SoundtrackOptions } from "attacca";
import { test as plain, type TestAPI } from "vitest";

interface Soundtracks {
  /** Makes a soundtrack with these options beside the usual ones; it ends with the test. */
  readonly soundtrack: (options?: Partial<SoundtrackOptions>) => Promise<Soundtrack>;
}

/**
 * A `test` whose soundtracks end with it, so that tests which mostly wait for the music may play side by side
 * in one page: `test.concurrent`. What is recorded, measured against the clock or done to the whole page
 * (its thread, its workers, its listeners) is played alone.
 */
export const testWith = (usual: SoundtrackOptions): TestAPI<Soundtracks> =>
  plain.extend<Soundtracks>({
    soundtrack: async ({ onTestFinished }, use) => {
      await use(async (options = {}) => {
        const music = await createSoundtrack({ ...usual, ...options });
        onTestFinished(() => music.dispose());
        return music;
      });
    },
  });
