import type { LayerCue, SectionCue } from "../director/cue.ts";
import { STEMS, type Stem } from "../music/stem.ts";
import type { RenderRequest, RenderedChunk, Voice } from "../renderer-worker/service.ts";
import { seconds, type Seconds } from "../time/units.ts";
import { frameNotes, partFrames } from "./frames.ts";
import type { Playing, Rendering } from "./parts.ts";
import { partCount, renderLead, timeOfPart, type Phrase } from "./phrase.ts";

export interface StageEvents {
  /** A chunk came so late that its beginning, or all of it, was not heard. */
  late(outcome: "late" | "missed"): void;
  renderFailed(error: Error): void;
}

export interface StageOptions {
  readonly playing: Playing;
  readonly voiceOf: (palette: string, stem: Stem) => Voice;
  readonly events: StageEvents;
}

/** So many chunks are with the renderer at once: enough to keep it busy, few enough to let urgent ones pass. */
const MOST_IN_FLIGHT = 10;
/** Of these, so many may be for moods that nobody has asked for yet. */
const PREPARED_IN_FLIGHT = 6;
/** Two bars of a likely next mood are rendered before anyone asks for it. */
const PREPARED_PARTS = 4;

const chunkName = (stem: Stem, part: number): string => `${stem}:${part}`;
const voiceName = (section: SectionCue, stem: Stem): string => `${section.index}:${stem}`;

/** Has takes rendered half bar by half bar and hands them to the player, two bars before they sound. */
export class Stage {
  readonly #options: StageOptions;
  /** Audio-clock time at which the music began, on a whole frame. */
  origin: Seconds = seconds(0);
  #rendering: Rendering | undefined;
  #inFlight = 0;
  /** Voices of each section that sounds. */
  readonly #voices = new Map<number, Set<string>>();
  /** Levels of each section's stems, for voices that open later. */
  readonly #levels = new Map<string, number>();
  /** Sections that fade out: they open no further voice. */
  readonly #ending = new Set<number>();

  constructor(options: StageOptions) {
    this.#options = options;
  }

  /** The renderer, or `undefined` while there is none. */
  set rendering(rendering: Rendering | undefined) {
    this.#rendering = rendering;
    this.#inFlight = 0;
  }

  /** Renders and plays the parts of a phrase that are due. Call it on every tick; it does each part once. */
  perform(phrase: Phrase, now: Seconds): void {
    const lead = renderLead(phrase);
    for (let part = 0; part < partCount(phrase); part += 1) {
      if (timeOfPart(phrase, part) - lead > now) return;
      const over = timeOfPart(phrase, part + 1) <= now;
      for (const stem of phrase.plan.stems) this.#performPart(phrase, stem, part, over);
    }
  }

  /** Renders the first bars of a phrase that may be wanted soon, when the renderer has time. True once they are there. */
  prepare(phrase: Phrase): boolean {
    let ready = true;
    for (let part = 0; part < PREPARED_PARTS; part += 1) {
      for (const stem of soundingStems(phrase)) {
        const name = chunkName(stem, part);
        if (phrase.ahead.has(name)) continue;
        ready = false;
        if (phrase.handled.has(name) || this.#inFlight >= PREPARED_IN_FLIGHT) continue;
        phrase.handled.add(name);
        void this.#render(phrase, stem, part).then((outcome) => {
          if (outcome === "given-up") return;
          phrase.handled.delete(name);
          if (outcome !== "again") phrase.ahead.set(name, outcome);
        });
      }
    }
    return ready;
  }

  /** Moves the level of a section's stem; `at` is in seconds since the music began. */
  setLevel({ section, stem, gain, ramp }: LayerCue, at: Seconds): void {
    const voice = `${section}:${stem}`;
    this.#levels.set(voice, gain);
    if (this.#voices.get(section)?.has(voice) !== true) return;
    this.#options.playing.setLevel(voice, gain, { at: seconds(this.origin + at), ramp });
  }

  /** Whether the beginning of a section's first phrase is with the player, in every stem. */
  established(phrase: Phrase): boolean {
    const voices = this.#voices.get(phrase.section.index);
    return soundingStems(phrase).every((stem) => voices?.has(voiceName(phrase.section, stem)));
  }

  /** Fades out all that a section plays. */
  endSection(section: SectionCue, at: Seconds, fade: Seconds): void {
    const { playing } = this.#options;
    for (const voice of this.#voices.get(section.index) ?? []) {
      playing.close(voice, { at: seconds(this.origin + at), fade });
    }
    this.#ending.add(section.index);
  }

  /** Call it when a section's fade is over. */
  forget(section: SectionCue): void {
    this.#voices.delete(section.index);
    this.#ending.delete(section.index);
    for (const stem of STEMS) this.#levels.delete(voiceName(section, stem));
  }

  /** Frees what the renderer keeps for a phrase. */
  release(phrase: Phrase): void {
    for (const stem of phrase.plan.stems) this.#rendering?.release(`${phrase.name}:${stem}`);
  }

  #performPart(phrase: Phrase, stem: Stem, part: number, over: boolean): void {
    const name = chunkName(stem, part);
    if (phrase.handled.has(name)) return;
    if (over) {
      phrase.handled.add(name);
      this.#options.events.late("missed");
      return;
    }
    const ready = phrase.ahead.get(name);
    if (ready === undefined && this.#inFlight >= MOST_IN_FLIGHT) return;
    phrase.handled.add(name);
    if (phrase.take?.notes[stem].length === 0) return;
    if (ready !== undefined) {
      phrase.ahead.delete(name);
      this.#play(phrase, stem, part, ready);
      return;
    }
    void this.#render(phrase, stem, part).then((outcome) => {
      if (outcome === "again") phrase.handled.delete(name);
      else if (outcome !== "given-up") this.#play(phrase, stem, part, outcome);
    });
  }

  /** A chunk; `again` where the renderer was lost, `given-up` where it refused. */
  async #render(
    phrase: Phrase,
    stem: Stem,
    part: number,
  ): Promise<RenderedChunk | "again" | "given-up"> {
    const { take, section } = phrase;
    const rendering = this.#rendering;
    if (take === undefined || rendering === undefined) return "again";
    const { sampleRate } = this.#options.playing;
    const { from, to } = partFrames(phrase, part, sampleRate);
    const request: RenderRequest = {
      take: `${phrase.name}:${stem}`,
      voice: this.#options.voiceOf(section.palette, stem),
      notes: frameNotes(take.notes[stem], section.tempo, sampleRate),
      from,
      to,
    };
    this.#inFlight += 1;
    try {
      return await rendering.render(request);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      if (error.name === "RendererLostError") return "again";
      this.#options.events.renderFailed(error);
      return "given-up";
    } finally {
      this.#inFlight = Math.max(0, this.#inFlight - 1);
    }
  }

  #play(phrase: Phrase, stem: Stem, part: number, chunk: RenderedChunk): void {
    const { playing, events } = this.#options;
    const { section } = phrase;
    const voice = voiceName(section, stem);
    const voices = this.#voices.get(section.index) ?? new Set();
    this.#voices.set(section.index, voices);
    if (!voices.has(voice)) {
      if (this.#ending.has(section.index)) return;
      voices.add(voice);
      playing.open(voice, {
        at: seconds(this.origin + section.startsAt),
        fade: section.fade,
        level: this.#levels.get(voice) ?? 1,
      });
    }
    const { startsAt } = partFrames(phrase, part, playing.sampleRate);
    const outcome = playing.play(
      voice,
      chunk,
      seconds(this.origin + startsAt / playing.sampleRate),
    );
    if (outcome === "late" || outcome === "missed") events.late(outcome);
  }
}

const soundingStems = ({ plan, take }: Phrase): readonly Stem[] =>
  plan.stems.filter((stem) => take === undefined || take.notes[stem].length > 0);
