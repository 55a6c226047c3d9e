import { MultiBar } from "cli-progress";
import type { BakedJob } from "./bake-job.ts";

/** A bar on the error stream where that is a terminal, and a line for every piece that is done. */
export interface Progress {
  /** How much of a piece is done, 0–1. */
  at(piece: number, share: number): void;
  done(baked: BakedJob): void;
  stop(): void;
}

/** Steps of the bar for each piece. */
const STEPS = 100;

export function showProgress(pieces: number): Progress {
  const shares = Array.from({ length: pieces }, () => 0);
  const bars = new MultiBar({
    format: "baking {bar} {percentage} % of {pieces}, {eta_formatted} left",
    hideCursor: true,
    clearOnComplete: true,
  });
  const what = pieces === 1 ? "the piece" : `${pieces} pieces`;
  const bar = bars.create(pieces * STEPS, 0, { pieces: what });
  const say = (line: string): void => {
    if (process.stderr.isTTY) bars.log(`${line}\n`);
    else console.log(line);
  };
  return {
    at(piece, share) {
      shares[piece] = share;
      bar.update(Math.floor(STEPS * shares.reduce((sum, each) => sum + each, 0)));
    },
    done({ folder, isNew, seconds, remarks }) {
      const how = isNew ? "baked" : "is there already";
      say(`${folder}: ${seconds.toFixed(1)} s of music ${how}`);
      for (const remark of new Set(remarks)) say(`  ${remark}`);
    },
    stop: () => bars.stop(),
  };
}
