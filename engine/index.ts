export { PALETTE_NAMES } from "./renderer-worker/palettes.ts";
export { formatIssue, type ScoreIssue } from "./score/issue.ts";
export { parseScore, type ParsedScore, type ParseScoreOptions } from "./score/parse-score.ts";
export type { Score } from "./score/score.ts";
export { createSoundtrack, ScoreError } from "./soundtrack.ts";
export type * from "./soundtrack-interface.ts";
export { STEMS, type PerStem, type Stem } from "./music/stem.ts";
