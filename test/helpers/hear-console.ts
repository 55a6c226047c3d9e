import { afterAll, beforeEach, vi } from "vitest";

/**
 * Lines that go to the console, in place of printing them, from now on to the end of a test file; each test begins
 * with none.
 */
export function hearConsole(stream: "log" | "error"): string[] {
  const lines: string[] = [];
  const spy = vi.spyOn(console, stream).mockImplementation((line: string) => lines.push(line));
  beforeEach(() => {
    lines.length = 0;
  });
  afterAll(() => spy.mockRestore());
  return lines;
}
