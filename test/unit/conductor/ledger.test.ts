import { describe, expect, test } from "vitest";
import type { PhraseTake } from "../../../engine/composer/take.ts";
import { Ledger } from "../../../engine/conductor/ledger.ts";
import { perStem } from "../../../engine/music/stem.ts";

const take = (): PhraseTake => ({ source: "model", bars: [], notes: perStem(() => []) });

/** A ledger with one take that was delivered for two stems of `calm`. */
function delivered() {
  const ledger = new Ledger();
  const written = take();
  ledger.deliver(ledger.open("calm", ["melody", "bass"]), written, "onTime");
  return { ledger, written };
}

describe("the ledger", () => {
  test("counts a request once in all, and once for each of its stems in its mood", () => {
    const { ledger } = delivered();
    ledger.close(ledger.open("calm", ["bass"]), "cancelled");
    ledger.open("danger", ["drums"]);
    expect(ledger.total).toMatchObject({ requested: 3, onTime: 1, cancelled: 1, open: 1 });
    const calm = ledger.byMood.get("calm");
    expect(calm?.bass).toMatchObject({ requested: 2, onTime: 1, cancelled: 1, waiting: 1 });
    expect(calm?.melody).toMatchObject({ requested: 1, onTime: 1, cancelled: 0 });
    expect(calm?.drums.requested).toBe(0);
    expect(ledger.byMood.get("danger")?.drums).toMatchObject({ requested: 1, open: 1 });
  });

  test("a take that lost its place and is heard after all is used, and stays so", () => {
    const { ledger, written } = delivered();
    for (const fate of ["kept", "wasted", "used", "kept", "wasted"] as const) {
      ledger.settle(written, fate);
    }
    expect(ledger.total).toMatchObject({ waiting: 0, kept: 0, wasted: 0, used: 1 });
  });

  test("knows nothing of takes that nobody asked for", () => {
    const { ledger } = delivered();
    const other = take();
    ledger.settle(other, "used");
    expect(ledger.fateOf(other)).toBeUndefined();
    expect(ledger.total).toMatchObject({ waiting: 1, used: 0 });
  });
});
