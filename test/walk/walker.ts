import type { Page } from "playwright";

/** What the page says of the game. */
interface Sight {
  readonly screen: string;
  readonly lanterns: number;
  readonly isReady: boolean;
  readonly isKindling: boolean;
  readonly isDay: boolean;
}

/** Seconds: the theme once, which the title states whole. */
const TITLE = 22;
/** Seconds for which one stands and listens after each lantern. */
const LISTENS = 12;
/** Seconds in which one turns round when there is nowhere to go any more. */
const STROLL = 6;
/** Between two looks, in milliseconds. */
const LOOK = 200;

/** Somebody who plays the game with the keyboard as it is meant, for as long as is wanted. */
export interface Walker {
  /** From the title screen, where the first key brings the music, into the walk. */
  begin(): Promise<void>;
  /** Follows the mote, wakes the lanterns, stands still after each, and strolls when the sun is up. */
  walk(seconds: number): Promise<void>;
}

export function createWalker(page: Page, title = TITLE): Walker {
  const held = new Set<string>();
  const now = { lanterns: 0, standsUntil: 0 };
  const hold = async (key: string, isDown: boolean): Promise<void> => {
    if (held.has(key) === isDown) return;
    if (isDown) held.add(key);
    else held.delete(key);
    await (isDown ? page.keyboard.down(key) : page.keyboard.up(key));
  };
  const sight = (): Promise<Sight> =>
    page.evaluate(() => {
      const { screen = "", lanterns = "0", ready, kindling, dawn } = document.body.dataset;
      return {
        screen,
        lanterns: Number(lanterns),
        isReady: ready === "true",
        isKindling: kindling === "true",
        isDay: Number(dawn) >= 1,
      };
    });

  async function step(at: number): Promise<void> {
    const { screen, lanterns, isReady, isKindling, isDay } = await sight();
    if (screen === "credits") {
      for (const key of [...held]) await hold(key, false);
      await page.keyboard.press("Enter");
      return;
    }
    if (lanterns > now.lanterns) now.standsUntil = at + LISTENS;
    now.lanterns = lanterns;
    const stands = at < now.standsUntil;
    await hold("Space", isReady && !isKindling);
    await hold("KeyF", !stands && !isDay);
    const way = Math.floor(at / STROLL) % 3;
    await hold("KeyA", isDay && way === 0);
    await hold("KeyD", isDay && way === 1);
  }

  return {
    async begin() {
      await page.keyboard.press("ArrowDown");
      await page.waitForTimeout(1000 * title);
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Enter");
    },
    async walk(seconds) {
      const begun = performance.now();
      for (let at = 0; at < seconds; at = (performance.now() - begun) / 1000) {
        await step(at + 1);
        await page.waitForTimeout(LOOK);
      }
      for (const key of [...held]) await hold(key, false);
    },
  };
}
