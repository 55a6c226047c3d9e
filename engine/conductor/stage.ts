import type { LayerCue, SectionCue, StingerCue } from "../director/cue.ts";
import { STEMS, type Stem } from "../music/stem.ts";
import { seconds, type Seconds } from "../time/units.ts";
import { cutTake, type LoadedTake, type Pcm } from "./cut-take.ts";
import { chunkName, Chunks } from "./chunks.ts";
import { partFrames, spanOfPart } from "./frames.ts";
import { Leisure } from "./leisure.ts";
import type { Rendering } from "./parts.ts";
import type { PcmCache } from "./pcm-cache.ts";
import {
  partCount,
  placingOf,
  renderLead,
  timeOfPart,
  type Phrase,
  type Setting,
} from "./phrase.ts";
import { authoredName, isHandled, missingChunks, soundingStems } from "./phrase-parts.ts";
import { PICKUP_FADE, pickupFrames } from "./pickup.ts";
import { dipsOf } from "./pumping.ts";
import type { StageOptions } from "./stage-options.ts";

/** So many chunks are with the renderer at once: enough to keep it busy, few enough to let urgent ones pass. */
const MOST_IN_FLIGHT = 10;
/** Of these, so many may be for moods that nobody has asked for yet. */
const PREPARED_IN_FLIGHT = 6;
/** Seconds within which a chunk is in a hurry: the longest less than the music is ahead, more than a new renderer takes. */
const SOON = [0.6, 1.2, 2.5] as const;
/** Seconds: a chunk that begins so shortly before a voice falls silent was taken back with it. */
const CLOSE_TOLERANCE = 1e-4;
/** Two bars of what is sure to come are rendered before it begins, and of what is likely where the renderer is slow … */
const PREPARED_PARTS = 4;
/** … and one bar where it is quick. */
const QUICK_PARTS = 2;

interface Due {
  readonly now: Seconds;
  /** Until the part is over. */
  readonly left: Seconds;
  readonly isUrgent: boolean;
}

interface Fade {
  readonly at: Seconds;
  readonly fade: Seconds;
}

const isSilent = ({ at, fade }: Fade, time: number): boolean => time >= at + fade;
const voiceName = ({ key }: Pick<Setting, "key">, stem: Stem): string => `${key}:${stem}`;
const keyOf = ({ index }: Pick<SectionCue, "index">): string => String(index);

/** Has takes rendered half bar by half bar and hands them to the player, two bars before they sound. */
export class Stage {
  readonly #options: StageOptions;
  /** Audio-clock time at which the music began, on a whole frame. */
  origin: Seconds = seconds(0);
  readonly #chunks: Chunks;
  /** Voices of each section or stinger that sounds, by its key. */
  readonly #voices = new Map<string, Set<string>>();
  /** Levels of each section's stems, for voices that open later. */
  readonly #levels = new Map<string, number>();
  /** What fades out, and when. */
  readonly #ending = new Map<string, Fade>();
  /** Phrases that are over: what the renderer gives of them by now comes too late. */
  readonly #over = new WeakSet<Phrase>();
  /** Voices of which the renderer refused a chunk. */
  readonly #refused = new Set<string>();
  /** Voices of which something is heard, or will be. */
  readonly #heard = new Set<string>();
  /** How many of a phrase's first parts are done with, by what it keeps of its chunks: they are not looked at again. */
  readonly #done = new WeakMap<Phrase["handled"], number>();

  readonly #leisure = new Leisure();

  constructor(options: StageOptions) {
    this.#options = options;
    this.#chunks = new Chunks(options);
  }

  /** The renderer, or `undefined` while there is none. */
  set rendering(rendering: Rendering | undefined) {
    this.#chunks.rendering = rendering;
  }

  /** What begins within the first is rendered before what begins within the next: longer where all is slow. */
  get horizons(): readonly Seconds[] {
    return SOON.map((time) => seconds(time + this.#leisure.elapsed + this.#chunks.delay));
  }

  /** What was rendered and may be heard again. */
  get pcm(): PcmCache {
    return this.#chunks.pcm;
  }

  /** Call it on every tick, with the time since the last. */
  tick(elapsed: Seconds): void {
    this.#leisure.tick(elapsed);
    this.#chunks.recycle();
  }

  /**
   * Renders and plays the parts of a phrase that are due, those that begin `within` so many seconds. Call it
   * on every tick; it does each part once. Without `within` it takes its time.
   */
  perform(phrase: Phrase, now: Seconds, within?: Seconds): void {
    const lead = within ?? renderLead(phrase);
    const ending = this.#ending.get(phrase.setting.key);
    let done = this.#done.get(phrase.handled) ?? 0;
    for (let part = done; part < partCount(phrase); part += 1) {
      const begins = timeOfPart(phrase, part);
      if (begins - lead > now || (ending !== undefined && isSilent(ending, begins))) return;
      const ends = timeOfPart(phrase, part + 1);
      const isBefore = ends <= phrase.setting.entersAt;
      const due = { left: seconds(ends - now), now, isUrgent: within !== undefined };
      if (!isBefore) this.#performStems(phrase, part, due);
      if (part !== done || !(isBefore || isHandled(phrase, part))) continue;
      done += 1;
      this.#done.set(phrase.handled, done);
    }
  }

  #performStems(phrase: Phrase, part: number, due: Due): void {
    for (const stem of phrase.plan.stems) {
      const take = phrase.authored.get(stem);
      if (take === undefined) this.#performPart(phrase, stem, part, due);
      else this.#performAuthored(phrase, stem, part, { take, now: due.now });
    }
  }

  /** A chunk is to be looked at again. */
  #reopen(phrase: Phrase, name: string): void {
    phrase.handled.delete(name);
    this.#done.delete(phrase.handled);
  }

  /** Renders bars of a phrase that may be wanted soon, or surely are, when the renderer has time. True once they are there. */
  prepare(phrase: Phrase, first = 0, isSure = false): boolean {
    let ready = true;
    const parts = isSure || !this.isQuick ? PREPARED_PARTS : QUICK_PARTS;
    const end = Math.min(first + parts, partCount(phrase));
    for (let part = first; part < end; part += 1) {
      for (const stem of soundingStems(phrase)) {
        if (phrase.plan.authored?.includes(stem) === true) continue;
        const name = chunkName(stem, part);
        if (phrase.ahead.has(name)) continue;
        ready = false;
        if (phrase.handled.has(name) || this.#chunks.inFlight >= PREPARED_IN_FLIGHT) continue;
        if (this.#leisure.isOver && !isSure) return false;
        this.#leisure.spend();
        phrase.handled.add(name);
        void this.#chunks.render(phrase, stem, part).then((outcome) => {
          if (outcome === "given-up") return;
          this.#reopen(phrase, name);
          if (outcome === "again") return;
          phrase.ahead.set(name, outcome);
          this.#chunks.setAside(outcome);
          this.#options.rendered();
        });
      }
    }
    return ready;
  }

  /** Whether the renderer is fast enough to begin once something is asked for. */
  get isQuick(): boolean {
    return this.#chunks.isQuick;
  }

  /** Whether a phrase's first bar can surely be rendered before it begins in `left`. */
  canBegin(phrase: Phrase, left: Seconds): boolean {
    return this.#chunks.delayOf(missingChunks(phrase, 2)) <= left / 2;
  }

  /** Moves the level of a section's stem; `at` is in seconds since the music began. */
  setLevel({ section, stem, gain, ramp }: LayerCue, at: Seconds): void {
    const { playing } = this.#options;
    const voice = `${section}:${stem}`;
    const voices = this.#voices.get(String(section)) ?? new Set<string>();
    const time = seconds(this.origin + at);
    this.#levels.set(voice, gain);
    // Nobody gives way to drums that are not heard.
    if (stem === "drums") for (const other of voices) playing.setDipDepth(other, gain, time);
    if (voices.has(voice)) playing.setLevel(voice, gain, { at: time, ramp });
  }

  /** Whether the beginning of a section's first phrase is with the player, in every stem that can be rendered. */
  established(phrase: Phrase): boolean {
    return soundingStems(phrase)
      .map((stem) => voiceName(phrase.setting, stem))
      .every((voice) => this.#heard.has(voice) || this.#refused.has(voice));
  }

  /** Lowers the music under a stinger, until it ends. */
  duck(key: string, { duck, at, until }: Pick<StingerCue, "duck" | "at" | "until">): void {
    if (duck === undefined) return;
    const [from, to] = [seconds(this.origin + at), seconds(this.origin + until)];
    this.#options.playing.duck(key, { ...duck, at: from, until: to });
  }

  /** Fades out all that a section or stinger plays; what it ducks comes back. */
  end(key: string, at: Seconds, fade: Seconds): void {
    const { playing } = this.#options;
    for (const voice of this.#voices.get(key) ?? []) {
      playing.close(voice, { at: seconds(this.origin + at), fade });
    }
    playing.endDuck(key, seconds(this.origin + at));
    this.#ending.set(key, { at, fade });
  }

  /** Fades a section in again that was fading out: what it had no longer been given after `endedAt` is given anew. */
  resume(
    section: SectionCue,
    phrases: readonly Phrase[],
    { at, fade, endedAt }: { at: Seconds; fade: Seconds; endedAt: Seconds },
  ): void {
    const { playing } = this.#options;
    const key = keyOf(section);
    this.#ending.delete(key);
    const voices = this.#voices.get(key) ?? new Set();
    for (const voice of voices) {
      const isBack = playing.reopen(voice, { at: seconds(this.origin + at), fade });
      if (isBack) continue;
      voices.delete(voice);
      this.#heard.delete(voice);
    }
    for (const phrase of phrases) {
      for (let part = 0; part < partCount(phrase); part += 1) {
        if (timeOfPart(phrase, part) < endedAt - CLOSE_TOLERANCE) continue;
        for (const stem of phrase.plan.stems) {
          this.#reopen(phrase, chunkName(stem, part));
          this.#reopen(phrase, authoredName(stem, part));
        }
      }
    }
  }

  /** Call it when the fade of a section or stinger is over. */
  forget(key: string): void {
    this.#voices.delete(key);
    this.#ending.delete(key);
    for (const stem of STEMS) {
      const voice = voiceName({ key }, stem);
      this.#levels.delete(voice);
      this.#refused.delete(voice);
      this.#heard.delete(voice);
    }
  }

  /** A phrase is over: frees what the renderer keeps for it. */
  release(phrase: Phrase): void {
    this.#over.add(phrase);
    this.#chunks.release(phrase);
  }

  /** What would come after the part is over is passed over: a renderer that is behind catches up. */
  #performPart(phrase: Phrase, stem: Stem, part: number, { left, isUrgent }: Due): void {
    const name = chunkName(stem, part);
    if (phrase.handled.has(name)) return;
    const ready = phrase.ahead.get(name);
    if (left <= (ready === undefined ? this.#chunks.delay : 0)) {
      phrase.handled.add(name);
      this.#options.events.late("missed");
      return;
    }
    const isEmpty = phrase.take?.notes[stem].length === 0;
    if (ready === undefined && !isEmpty) {
      if (this.#chunks.inFlight >= MOST_IN_FLIGHT) return;
      if (!isUrgent && this.#leisure.isOver) return;
      this.#leisure.spend();
    }
    phrase.handled.add(name);
    if (isEmpty) return;
    if (ready !== undefined) {
      phrase.ahead.delete(name);
      this.#chunks.takeUp(ready);
      this.#play(phrase, stem, part, ready);
      return;
    }
    void this.#chunks.render(phrase, stem, part).then((outcome) => {
      // A renderer that was lost is not asked again at once.
      if (outcome === "again") {
        this.#reopen(phrase, name);
        return;
      }
      if (this.#over.has(phrase)) this.#tellMissed(phrase, part);
      else if (outcome === "given-up") this.#refused.add(voiceName(phrase.setting, stem));
      else this.#play(phrase, stem, part, outcome);
      this.#options.rendered();
    });
  }

  /** A part came when its phrase was over: nobody misses what would have begun after the fade of its section. */
  #tellMissed(phrase: Phrase, part: number): void {
    const ending = this.#ending.get(phrase.setting.key);
    if (ending !== undefined && isSilent(ending, timeOfPart(phrase, part))) return;
    this.#options.events.late("missed");
  }

  /**
   * Plays a part of an authored take: it is there already. What would ring on is in the part that follows,
   * but for a bridge, which has but one phrase. There the take comes in without a fade, as it is cut.
   */
  #performAuthored(
    phrase: Phrase,
    stem: Stem,
    part: number,
    { take, now }: { readonly take: LoadedTake; readonly now: Seconds },
  ): void {
    const name = authoredName(stem, part);
    if (phrase.handled.has(name)) return;
    phrase.handled.add(name);
    const isBridge = take.until !== undefined;
    if (part === partCount(phrase) - 1 && !isBridge) return;
    if (timeOfPart(phrase, part + 1) <= now) {
      this.#options.events.late("missed");
      return;
    }
    const { sampleRate } = this.#options.playing;
    const { from, to } = spanOfPart(phrase, part, sampleRate);
    const isFirst =
      from === 0 &&
      this.#voices.get(phrase.setting.key)?.has(voiceName(phrase.setting, stem)) !== true;
    const pickup = isFirst ? pickupFrames(phrase, take, now, sampleRate) : 0;
    const chunk = cutTake(take, phrase.setting, { from: from - pickup, to }, sampleRate);
    const fade = pickup > 0 ? PICKUP_FADE : isBridge ? seconds(0) : phrase.setting.fade;
    this.#play(phrase, stem, part, chunk, { pickup, fade });
  }

  /** `pickup` frames of the chunk come before the part; where its voice is not open yet, that fades in over `fade`. */
  #play(
    phrase: Phrase,
    stem: Stem,
    part: number,
    chunk: Pcm,
    { pickup, fade } = { pickup: 0, fade: phrase.setting.fade },
  ): void {
    const { playing, instruments, events } = this.#options;
    const { sampleRate } = playing;
    const { setting } = phrase;
    const voice = voiceName(setting, stem);
    const voices = this.#voices.get(setting.key) ?? new Set();
    this.#voices.set(setting.key, voices);
    const startsAt = partFrames(phrase, part, sampleRate).startsAt - pickup;
    if (!voices.has(voice)) {
      const ending = this.#ending.get(setting.key);
      // What nobody has heard yet does not begin while it ends.
      const isTooLate = ending && (voices.size === 0 || isSilent(ending, startsAt / sampleRate));
      if (isTooLate === true) return;
      voices.add(voice);
      const sounds = instruments.of(phrase, stem);
      const { level, pan } = placingOf(setting);
      playing.open(voice, {
        at: seconds(this.origin + setting.entersAt - pickup / sampleRate),
        fade,
        level: this.#levels.get(voice) ?? level,
        pan,
        // A palette has no part in how an authored take sounds.
        room: phrase.authored.has(stem) ? 1 : (sounds.room ?? 1),
      });
      if (sounds.pump !== undefined) {
        const drums = this.#levels.get(voiceName(setting, "drums")) ?? 1;
        playing.setDipDepth(voice, drums, seconds(this.origin + setting.entersAt));
      }
      if (ending !== undefined) {
        playing.close(voice, { at: seconds(this.origin + ending.at), fade: ending.fade });
      }
    }
    // A section entered in its middle begins within a part: what lies before is not played.
    const entersAt = Math.round(setting.entersAt * sampleRate) - pickup;
    const early = Math.max(0, entersAt - startsAt);
    if (early >= chunk.left.length) return;
    const heard =
      early === 0
        ? chunk
        : { left: chunk.left.subarray(early), right: chunk.right.subarray(early) };
    const outcome = playing.play(
      voice,
      heard,
      seconds(this.origin + (startsAt + early) / sampleRate),
    );
    if (outcome === "scheduled" || outcome === "late") {
      this.#heard.add(voice);
      this.#dip(phrase, stem, part);
    }
    if (outcome === "late" || outcome === "missed") events.late(outcome);
  }

  /** Has a part of a stem give way to the kicks that fall into it, as far as its voice does. */
  #dip(phrase: Phrase, stem: Stem, part: number): void {
    const { playing, instruments } = this.#options;
    const { pump } = instruments.of(phrase, stem);
    if (pump === undefined || phrase.authored.has(stem)) return;
    const dips = dipsOf(phrase, part, pump);
    if (dips.length === 0) return;
    const onClock = dips.map(({ at, to }) => ({ at: seconds(this.origin + at), to }));
    playing.dip(voiceName(phrase.setting, stem), onClock);
  }
}
