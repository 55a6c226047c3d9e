import { afterEach, beforeEach } from "vitest";

/** For the top of a file whose tests are one walk: where a step fails, those after it cannot be taken. */
export function walkTogether(): void {
  let failed = false;
  beforeEach(({ skip }) => skip(failed, "the walk has stopped before"));
  afterEach(({ task }) => {
    failed ||= task.result?.state === "fail";
  });
}
