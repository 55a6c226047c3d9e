import type { Browser } from "playwright";
import type { Row } from "../report.ts";
import type { Site } from "../../helpers/site.ts";

/** What a measurement works with. */
interface Bench {
  readonly browser: Browser;
  readonly site: Site;
  /** Few measurements. */
  readonly quick: boolean;
}

export type Section = (bench: Bench) => Promise<readonly Row[]>;
