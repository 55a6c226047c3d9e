import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** What ffmpeg's `ebur128` filter tells of a file (EBU R 128, ITU-R BS.1770). */
export interface Loudness {
  /** LUFS, integrated. */
  readonly integrated: number;
  /** LU. */
  readonly range: number;
  /** dBTP. */
  readonly truePeak: number;
}

/** Runs ffmpeg; resolves to what it says. Rejects in one line where it is missing or fails. */
async function ffmpeg(args: readonly string[]): Promise<string> {
  try {
    const { stderr } = await execute("ffmpeg", ["-nostdin", "-hide_banner", "-y", ...args]);
    return stderr;
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw isMissing ? new Error("ffmpeg is not installed: it measures loudness here") : error;
  }
}

export async function loudnessOfFile(path: string): Promise<Loudness> {
  const told = await ffmpeg(["-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"]);
  const summary = told.slice(told.lastIndexOf("Summary:"));
  const read = (label: string): number => {
    const [, value] = new RegExp(`${label}:\\s+(-?[\\d.]+|-inf)`).exec(summary) ?? [];
    if (value === undefined) throw new Error(`ffmpeg did not tell "${label}" of ${path}`);
    return value === "-inf" ? -Infinity : Number(value);
  };
  return { integrated: read("I"), range: read("LRA"), truePeak: read("Peak") };
}

/** For the page: a tenth of the size. */
export async function encodeOpus(wav: string, opus: string): Promise<void> {
  await ffmpeg(["-i", wav, "-c:a", "libopus", "-b:a", "112k", opus]);
}
