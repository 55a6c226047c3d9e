import type { Passing } from "./case.ts";

/** What happens to the page as a whole. */
export const blocked = (seconds: number, times: number): Passing => ({
  name: `main thread blocked for ${seconds} s`,
  tells: [],
  async befall(scene) {
    for (let nth = 0; nth < times; nth += 1) {
      await scene.wander(4);
      await scene.suffer("page", () => scene.page.evaluate((time) => faulty.block(time), seconds));
    }
  },
});

export const suspended = (times: number): Passing => ({
  name: `context suspended and resumed ${times} times`,
  tells: ["audio-interrupted"],
  async befall(scene) {
    await scene.suffer("page", async () => {
      for (let nth = 0; nth < times; nth += 1) {
        await scene.wander(0.5);
        await scene.page.evaluate(() => faulty.suspend());
        await scene.wander(0.5);
        await scene.page.evaluate(() => faulty.resume());
      }
    });
  },
});

export const throttled = (seconds: number): Passing => ({
  name: `timers throttled as in a hidden tab for ${seconds} s`,
  tells: [],
  async befall(scene) {
    await scene.suffer("page", async () => {
      await scene.page.evaluate(() => faulty.throttle(true));
      for (let nth = 0; nth < 4; nth += 1) {
        await scene.wait(seconds / 4);
        await scene.page.evaluate((to) => faulty.move(to), nth % 2 === 0 ? "cave" : "meadow");
      }
      await scene.page.evaluate(() => faulty.throttle(false));
    });
  },
});

/** Moves the clock of the day, of the page and of its workers, by so many seconds. */
const shiftDay = (by: number): void => {
  const real = Date.now;
  Date.now = () => real() + by * 1000;
};

export const clockJumps: Passing = {
  name: "system clock jumps by +1 h, −1 h, +10 s",
  tells: [],
  async befall(scene) {
    for (const by of [3600, -3600, 10]) {
      await scene.wander(4);
      await scene.suffer("page", async () => {
        await Promise.all([
          scene.page.evaluate(shiftDay, by),
          ...scene.workers("worker").map((worker) => worker.evaluate(shiftDay, by)),
        ]);
      });
    }
  },
};
