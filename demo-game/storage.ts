/** The browser's store for this page; it may be full, or refused. */

export function readJson(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    // Nothing there that can be read counts as nothing there.
    return null;
  }
}

/** Whether it could be written. */
export function writeJson(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Whether a value has at least the numbers, texts, flags and lists that the pattern has. */
export function isLike(pattern: unknown, value: unknown): boolean {
  if (pattern === undefined) return true;
  if (Array.isArray(pattern)) return Array.isArray(value);
  if (typeof pattern === "number") return Number.isFinite(value);
  if (typeof pattern !== "object" || pattern === null) return typeof value === typeof pattern;
  if (typeof value !== "object" || value === null) return false;
  const parts = new Map<string, unknown>(Object.entries(value));
  return Object.entries(pattern).every(([name, part]) => isLike(part, parts.get(name)));
}
