/** The page's memory by where it is, in bytes. */
export interface PageMemory {
  readonly page: number;
  readonly workers: number;
}

/** Collects garbage first; takes up to twenty seconds. */
export async function pageMemory(): Promise<PageMemory | undefined> {
  const { measureUserAgentSpecificMemory: measure } = performance as Performance & {
    measureUserAgentSpecificMemory?: () => Promise<{
      readonly breakdown: readonly {
        readonly bytes: number;
        readonly attribution: readonly { readonly scope: string }[];
      }[];
    }>;
  };
  if (measure === undefined) return undefined;
  const { breakdown } = await measure.call(performance);
  const sum = (isWanted: (scope: string) => boolean): number =>
    breakdown
      .filter(({ attribution }) => attribution.some(({ scope }) => isWanted(scope)))
      .reduce((total, { bytes }) => total + bytes, 0);
  return {
    page: sum((scope) => scope === "Window"),
    workers: sum((scope) => scope.includes("Worker")),
  };
}
