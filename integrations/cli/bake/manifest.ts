import { stat } from "node:fs/promises";
import { formatKey } from "../../../engine/music/key.ts";
import type { FontFile } from "./fonts.ts";
import { sha256, sha256OfFile } from "./hashes.ts";
import { nameWish, type Job, type Settings } from "./job.ts";
import { spansOf } from "./heard.ts";
import type { Output } from "./output.ts";
import type { Played } from "./performance.ts";
import type { PreparedJob } from "./piece-of.ts";
import type { Staff } from "./staff.ts";
import type { Engine } from "./this-engine.ts";

/** What a piece is and where it comes from, beside its files. It holds no time of day: the same bake, the same bytes. */
interface Manifest {
  readonly attacca: "bake";
  readonly engine: Engine;
  /** Hash of all that decides the files. */
  readonly inputs: string;
  readonly title: string;
  readonly wish: Job["wish"];
  readonly seed: number;
  /** Of the music; what rings out comes after it. */
  readonly seconds: number;
  readonly sections: readonly {
    readonly mood: string;
    /** Where it leads, if it is a bridge. */
    readonly bridgeTo: string | null;
    readonly from: number;
    readonly to: number;
    readonly tempo: number;
    readonly key: string;
    readonly meter: string;
    readonly palette: string;
  }[];
  readonly loop: { readonly from: number; readonly to: number } | null;
  readonly format: Pick<Settings, "sampleRate"> & Settings["encoding"];
  readonly score: { readonly name: string; readonly sha256: string };
  readonly model: {
    readonly name: string;
    readonly version: string;
    readonly sha256: string;
  };
  /** What the palettes play on, the first soundfont first. */
  readonly soundfonts: readonly { readonly name: string; readonly sha256: string }[];
  /** Hashes of the composer's audio, by path. */
  readonly takes: Readonly<Record<string, string>>;
  /** Phrases by where their notes are from. */
  readonly phrases: Readonly<Record<string, number>>;
  readonly disclosure: string;
  readonly licences: readonly string[];
  readonly remarks: readonly string[];
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
}

export interface ManifestParts {
  readonly engine: Engine;
  readonly job: Job;
  readonly prepared: PreparedJob;
  readonly played: Played;
  readonly staff: Staff;
  readonly settings: Settings;
  readonly fonts: readonly FontFile[];
  readonly inputs: string;
  readonly takes: Readonly<Record<string, string>>;
  readonly remarks: readonly string[];
}

const SHIPPED_FONTS = {
  band: "Attacca band, a subset of MuseScore_General_Lite",
  orchestra: "Attacca orchestra, sections made of MuseScore_General_Lite",
} as const;
const LICENCES: readonly string[] = [
  "Model and engine: MIT; the model's training data are openly licensed, see MODEL_CARD.md and NOTICE.corpora.md of the package.",
];
const FONT_LICENCE = "Soundfont: MIT, parts public domain or CC0, see NOTICE.md of the package.";
const OWN_FONT = "Soundfont: the user's own, under its own licence.";

/** Describes the files that have been placed so far. Rejects as `node:fs` does. */
export async function manifestOf(parts: ManifestParts, output: Output): Promise<Manifest> {
  const { engine, job, prepared, played, staff, settings, fonts, inputs, takes, remarks } = parts;
  const { given, title, loops } = prepared;
  const { window } = played;
  const { model } = staff.model.report;
  const phrases: Record<string, number> = {};
  for (const { take } of played.phrases) phrases[take.source] = (phrases[take.source] ?? 0) + 1;
  const files = await Promise.all(
    output.files.map(async ({ name, path }) => ({
      name,
      bytes: (await stat(path)).size,
      sha256: await sha256OfFile(path),
    })),
  );
  return {
    attacca: "bake",
    engine,
    inputs,
    title,
    wish: nameWish(job.wish),
    seed: job.seed,
    seconds: window.to - window.from,
    sections: spansOf(played.cues, window).map(({ section, from, to }) => ({
      mood: section.mood.name,
      bridgeTo: section.bridge?.mood.name ?? null,
      from: from - window.from,
      to: to - window.from,
      tempo: section.tempo,
      key: formatKey(section.mood.key),
      meter: section.meter,
      palette: section.palette,
    })),
    loop: loops ? { from: 0, to: window.to } : null,
    format: { sampleRate: settings.sampleRate, ...settings.encoding },
    score: {
      name: job.score.kind === "file" ? given.score.title : job.score.name,
      sha256: sha256(given.text),
    },
    model,
    soundfonts: fonts.map(({ name, isOwn, sha256: hash }) => ({
      name: isOwn ? "the user's own" : SHIPPED_FONTS[name === undefined ? "band" : "orchestra"],
      sha256: hash,
    })),
    takes,
    phrases,
    disclosure: `The notes were written by a neural network, ${model.name} ${model.version}, from the score and the seed; themes, progressions and takes of the score are its author's.`,
    licences: [
      ...LICENCES,
      ...(fonts.some(({ isOwn }) => !isOwn) ? [FONT_LICENCE] : []),
      ...(fonts.some(({ isOwn }) => isOwn) ? [OWN_FONT] : []),
    ],
    remarks,
    files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
