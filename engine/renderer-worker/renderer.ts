import { frames, milliseconds } from "../time/units.ts";
import { createDrumOnsets } from "./drum-onset.ts";
import { PaletteError } from "./errors.ts";
import { instrumentsOf, missingVoices, openFont, unheardVoices, type Font } from "./font.ts";
import { createMemory } from "./memory.ts";
import { PALETTES } from "./palettes.ts";
import type {
  FontOptions,
  RenderedChunk,
  RendererOptions,
  RenderRequest,
  Voice,
} from "./service.ts";
import { startTake, type Take, type TakeOptions } from "./take.ts";

export interface Renderer {
  /**
   * `RendererService.render`, at once. Throws `RangeError` on a stretch that ends before it starts, is
   * no whole number of frames or longer than five minutes, on notes out of order, on a pan outside [-1, 1],
   * a width outside [0, 2] and a divisi outside [0, 1]; `PaletteError` when the soundfont lacks the voice.
   */
  render(request: RenderRequest): RenderedChunk;
  /** As `RendererService.addFont`. */
  addFont(options: FontOptions): Promise<void>;
  release(take: string): void;
  recycle(memory: readonly ArrayBuffer[]): void;
}

/**
 * Synthesisers kept at once: five stems of six takes. About 1.3 MB each; the one that was asked for
 * longest ago goes first and, asked again, starts afresh with the same samples.
 */
const MOST_TAKES = 30;
const LONGEST_STRETCH_SECONDS = 300;

/** Opens a soundfont for rendering, in a worker or in Node. Rejects with `PaletteError`. `goesOn` is called often while it renders. */
export async function createRenderer(
  options: RendererOptions,
  goesOn: () => void = () => undefined,
): Promise<Renderer> {
  const { sampleRate } = options;
  const open = (font: Font): OpenFont => ({ font, onsetOf: createDrumOnsets(font, goesOn) });
  const first = await openFont(options.soundfont, sampleRate);
  const missing = missingVoices(first, PALETTES);
  if (missing.length > 0) {
    throw new PaletteError(`the soundfont lacks voices of the palettes: ${missing.join("; ")}`);
  }
  const fonts = new Map<string | undefined, OpenFont>([[undefined, open(first)]]);
  const takes = new Map<string, Take>();
  const memory = createMemory();

  function fontOf(voice: Voice): OpenFont {
    const name = voice.kind === "sampled" ? voice.font : undefined;
    const found = fonts.get(name);
    if (found !== undefined) return found;
    throw new PaletteError(`the soundfont "${name ?? ""}" is not there`);
  }

  /** The take, standing at `from` or before it; the most recently used comes last in the map. */
  function takeAt({ take: name, from, notes, movements = [], voice }: RenderRequest): Take {
    const kept = takes.get(name);
    takes.delete(name);
    const take =
      kept !== undefined && kept.position() <= from
        ? kept
        : startTake({ ...fontOf(voice), voice, notes, movements, goesOn });
    takes.set(name, take);
    const oldest = takes.size > MOST_TAKES ? takes.keys().next().value : undefined;
    if (oldest !== undefined) takes.delete(oldest);
    return take;
  }

  return {
    async addFont({ name, soundfont, palettes }) {
      fonts.delete(name);
      const font = await openFont(soundfont, sampleRate);
      const lacking = unheardVoices(font, palettes, name);
      if (lacking.length > 0) {
        const there = instrumentsOf(font);
        throw new PaletteError(`the soundfont lacks ${lacking.join("; ")}; it has ${there}`);
      }
      fonts.set(name, open(font));
    },
    render(request) {
      checkRequest(request, sampleRate);
      const started = performance.now();
      const take = takeAt(request);
      take.skipTo(request.from);
      const left = memory.samples(request.to - request.from);
      const right = memory.samples(request.to - request.from);
      take.render(left, right);
      const cost = milliseconds(performance.now() - started);
      return {
        take: request.take,
        from: frames(request.from),
        to: frames(request.to),
        left,
        right,
        cost,
      };
    },
    release(take) {
      takes.delete(take);
    },
    recycle(freed) {
      memory.giveBack(freed);
    },
  };
}

/** A soundfont, and where its drums are heard. */
type OpenFont = Pick<TakeOptions, "font" | "onsetOf">;

function checkRequest({ from, to, notes, voice }: RenderRequest, sampleRate: number): void {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || to < from) {
    throw new RangeError(`a stretch goes from a frame >= 0 to a later one, got ${from} to ${to}`);
  }
  if (to - from > LONGEST_STRETCH_SECONDS * sampleRate) {
    throw new RangeError(
      `a stretch is at most ${LONGEST_STRETCH_SECONDS} s, got ${to - from} frames`,
    );
  }
  const { pan, gain, width = 1, divisi = 0 } = voice;
  const isPlaced = pan >= -1 && pan <= 1 && width >= 0 && width <= 2 && divisi >= 0 && divisi <= 1;
  if (!isPlaced || !Number.isFinite(gain)) {
    throw new RangeError(
      `pan lies within [-1, 1], width within [0, 2], divisi within [0, 1], gain is finite; got ${pan}, ${width}, ${divisi}, ${gain}`,
    );
  }
  let latest = 0;
  for (const { at, end } of notes) {
    if (!Number.isSafeInteger(at) || !Number.isSafeInteger(end) || at < latest) {
      throw new RangeError(`notes lie on whole frames in order of "at", got ${at} after ${latest}`);
    }
    latest = at;
  }
}
