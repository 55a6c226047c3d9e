import { NONE } from "./inheritance.ts";
import { describe } from "./issue.ts";
import { asList, asMap, MOST, type Fields, type Note } from "./raw.ts";
import { checkStems } from "./stem-relations.ts";

/** Checks that bridges name each stem once, and that those with takes keep their tempo, as takes do. */
export function checkBridges(score: Fields, note: Note): void {
  for (const [index, entry] of asList(score["transitions"]).slice(0, MOST.transitions).entries()) {
    const bridge = asMap(asMap(entry)["bridge"]);
    const path = ["transitions", index, "bridge"];
    if (Array.isArray(bridge["stems"])) checkStems([...path, "stems"], bridge["stems"], note);
    if (bridge["tempo"] !== "ramp" || !namesTakes(bridge)) continue;
    const found = `${describe("ramp")} with takes`;
    note({ path: [...path, "tempo"], found, expected: "step, as takes keep their tempo" });
  }
}

const namesTakes = (bridge: Fields): boolean =>
  Object.values(asMap(bridge["takes"])).some((take) => take !== NONE);
