import type { PerStem } from "../music/stem.ts";
import type {
  AuthoredBridge,
  AuthoredColour,
  AuthoredDoubling,
  AuthoredDuck,
  AuthoredLocation,
  AuthoredMood,
  AuthoredMoodTheme,
  AuthoredPalette,
  AuthoredPizzicato,
  AuthoredRule,
  AuthoredScore,
  AuthoredSignal,
  AuthoredStinger,
  AuthoredSwell,
  AuthoredTake,
  AuthoredTheme,
  AuthoredTransition,
  AuthoredTremolo,
  AuthoredVoice,
} from "./authored.ts";

type PitchedVoice = Omit<AuthoredVoice, "roll">;
type VoiceOfFont = Pick<AuthoredVoice, "program" | "like" | "gain" | "pan">;

type Of<Part> = Readonly<Record<keyof Part, string>>;

/** Each part of a score under the key that it stands at. */
interface Descriptions {
  readonly score: Of<AuthoredScore> & { readonly attacca: string };
  readonly palettes: Of<AuthoredPalette>;
  readonly voices: PerStem<string>;
  readonly melody: Of<PitchedVoice>;
  readonly counter: Of<PitchedVoice>;
  readonly harmony: Of<PitchedVoice>;
  readonly bass: Of<PitchedVoice>;
  readonly drums: Of<Omit<AuthoredVoice, Exclude<keyof PitchedVoice, keyof VoiceOfFont>>>;
  readonly doubling: Of<AuthoredDoubling>;
  readonly pizzicato: Of<AuthoredPizzicato>;
  readonly swell: Of<AuthoredSwell>;
  readonly tremolo: Of<AuthoredTremolo>;
  readonly signals: Of<AuthoredSignal>;
  readonly themes: Of<AuthoredTheme>;
  /** Those of the score, and which of them the stems of a mood play. */
  readonly takes: Of<AuthoredTake> & PerStem<string>;
  readonly moods: Of<AuthoredMood>;
  readonly theme: Of<AuthoredMoodTheme>;
  readonly stems: PerStem<string>;
  readonly activity: PerStem<string>;
  readonly locations: Of<AuthoredLocation>;
  readonly colour: Of<AuthoredColour>;
  readonly stingers: Of<AuthoredStinger>;
  readonly duck: Of<AuthoredDuck>;
  readonly rules: Of<AuthoredRule>;
  readonly transitions: Of<AuthoredTransition>;
  readonly bridge: Of<AuthoredBridge>;
}

const SYNC =
  "immediate, beat, bar, phrase, a grid of 1 to 32 bars or beats counted from the mood's beginning such as 2 bars, or marker and the name of one";

const VOICE_OF_FONT: Of<VoiceOfFont> = {
  program:
    "The instrument of the palette's soundfont: a General MIDI program within 0 to 127, of drums that of a kit. Default: the instrument of like.",
  like: "A palette of the engine whose instrument this stem has. Default: that which the palette is like.",
  gain: "Its level beside that which such an instrument has in the engine's palettes: -60dB to 24dB. Default: 0dB.",
  pan: "Its place from left to right, -1 to 1. Default: as in the palette that it is like.",
};

const PITCHED_VOICE: Of<PitchedVoice> = {
  ...VOICE_OF_FONT,
  bank: "The bank of the program, 0 to 127. Default: 0.",
  octave: "Octaves by which it plays higher (negative: lower), -2 to 2. Default: 0.",
  touch:
    "legato closes small gaps, detached shortens short notes, staccato shortens them more; as written does nothing, nor what the palette that it is like does with held and plucked notes. Default: as in that palette.",
  doubling:
    "Others of the section that join an octave away where the music is driven. Default: as in the palette that it is like.",
  pizzicato:
    "The instrument of the soundfont that plucks runs of short, soft notes where it is calm. Wants a program. Default: none.",
  swell:
    "Notes held for half a bar or longer grow where it is calm, and come back. Default: as in the palette that it is like.",
  tremolo:
    "Notes held for a quarter or longer tremble where it is driven. Default: as in the palette that it is like.",
  divisi:
    "How far apart two sections stand that share its chords, 0 (one plays all) to 1. Default: 0 with a program, otherwise as in the palette that it is like.",
};

/** What every key of a score means, as docs/score.md says it: shown where an editor points at the key. */
export const DESCRIPTIONS: Descriptions = {
  score: {
    attacca: "Version of this script: 1.",
    title: "For people: a text of at most 200 characters. Default: Untitled.",
    tempo:
      "Speed of every mood that has none of its own: quarter notes per minute, 40 to 240. Default: 96.",
    meter: "Meter of every mood that has none of its own. Default: 4/4.",
    key: "Key of every mood that has none of its own, such as D dorian. Default: C ionian (C major).",
    palette:
      "The instruments where no location gives others: the name of a palette. Default: the engine's first palette.",
    palettes:
      "Palettes of the score's own, by name, at most 16: instruments of a soundfont of your own, or of the engine's palettes in another order. Default: none.",
    phrase:
      "Length of a phrase of every mood that has none of its own: 4 to 8 whole bars. Default: 4 bars.",
    signals: "Values that the game sends, by name, at most 64. Default: intensity alone.",
    forms:
      "Orders of phrases such as A A' B A, by name, at most 64: 1 to 8 of A, B, C and D, with up to three primes each. Default: none.",
    progressions:
      "Chord progressions such as i VI III VII, by name, at most 64: 1 to 8 bars in Roman numerals of the mood's mode. Default: none.",
    themes:
      "Motifs of the composer's own that moods can be recognised by, by name, at most 32. Default: none.",
    takes:
      "Audio files that moods, bridges and stingers may play in place of what is generated, by name, at most 32 and ten minutes in all. Default: none.",
    moods:
      "States of the music, by name, 1 to 256. The music starts in the first if no location says otherwise.",
    locations: "Places of the game, by name, at most 256. Default: none.",
    stingers: "Short one-shots over the music, by name, at most 64. Default: none.",
    rules: "Moods that signals and places ask for, at most 256. Default: none.",
    transitions:
      "How to go from mood to mood, at most 256; the first that fits wins. Default: from any to any at the bar, with a fade of 1 bar.",
  },
  palettes: {
    font: "A soundfont (SF2, SF3 or DLS) such as castle.sf2, at most 64 MB of all together. Default: none.",
    like: "The palette of the engine that plays where this one says nothing, and while its soundfont is not there. Default: the engine's first palette.",
    room: "Share of the music that goes to the reverb, 0 to 1. Default: that of the palette that it is like.",
    voices: "Which instruments the stems have, and how they play. Default: those of like.",
  },
  voices: {
    melody: "The instrument of the melody.",
    counter: "The instrument of the counter-melody.",
    harmony: "The instrument of the harmony.",
    bass: "The instrument of the bass.",
    drums: "The kit of the drums.",
  },
  melody: PITCHED_VOICE,
  counter: PITCHED_VOICE,
  harmony: PITCHED_VOICE,
  bass: PITCHED_VOICE,
  drums: {
    ...VOICE_OF_FONT,
    roll: "The intensity from which a deep drum rolls through the last half bar of a phrase, 0 to 1, or none. Default: as in the palette that it is like.",
  },
  doubling: {
    octaves: "Where they join: 1 an octave above, -1 below, 0 nobody.",
    from: "The intensity from which they join, 0 to 1. Default: 0.7.",
  },
  pizzicato: {
    program: "The General MIDI program that plucks, 0 to 127.",
    bank: "The bank of the program, 0 to 127. Default: 0.",
    gain: "Its level beside the other notes of the voice, -60dB to 24dB. Default: 0dB.",
    below: "The intensity below which it plays, 0 to 1; 0 never. Default: 0.6.",
  },
  swell: {
    by: "How much they grow, 0dB (not at all) to 12dB. Default: 3dB.",
    below: "The intensity below which they do, 0 to 1. Default: 0.5.",
  },
  tremolo: {
    depth: "How far they tremble, 0 (not at all) to 1. Default: 0.5.",
    from: "The intensity from which they do, 0 to 1. Default: 0.6.",
  },
  signals: {
    range:
      "Lowest and highest value; what the game sends beyond is clamped. Two numbers within ±1e9, the smaller first. Default: [0, 1].",
    initial:
      "Value until the game first sends one, within the range. Default: the range's lowest value.",
    attack:
      "Time constant of a rise: 63 % of the way is done after it, 95 % after three of them. 0s follows at once, 60s at most. Default: 400ms.",
    release:
      "Time constant of a fall: 63 % of the way is done after it, 95 % after three of them. 0s follows at once, 60s at most. Default: 4s for intensity, 400ms for others.",
    curve:
      "What the game's values stand for, straight between the points and level beyond them: 2 to 16 points [value, meaning] within the range, values rising. Default: each value stands for itself.",
    deadband:
      "A change smaller than this is ignored, unless it reaches an end of the range: a number below the range's width. Default: 0.",
  },
  themes: {
    midi: "A MIDI file that has the motif, at most its first 8 bars. Either it or notes.",
    notes:
      "Pitches and rests with their lengths in fractions of a whole note, at most 8 bars, such as D4 1/4, r 1/8, F4 1/8, A4 1/2 | G4 1/1. Either they or midi.",
    key: "Key of the notes, such as D dorian. Default: the score's.",
    meter: "Meter of the notes. Default: the score's.",
  },
  takes: {
    audio: "An audio file that the browser can decode, such as drums.ogg: one or two channels.",
    tempo:
      "Its tempo: quarter notes per minute, 40 to 240. Where the music has another, the stem is generated; drums follow by 3 %, other stems by 0.6 %.",
    length: "Its length: 1 to 600 whole bars, the bars before and after them not counted.",
    meter: "Its meter. Default: the score's.",
    entry:
      "What the file has before its first bar: a pickup, heard before the mood as far as there is time. A length in its own tempo. Default: 0s.",
    tail: "What rings on after its last bar, under the next round: a length in its own tempo. Default: 0s.",
    loop: "The place from which it goes on and the one at which it goes back there, a whole number of bars apart: two lengths in bars or beats, such as [1 bar, 7 bars]. Default: the whole.",
    level: "Its level among the other stems: -60dB to 0dB. Default: 0dB.",
    melody: "What the melody plays: the name of a take, or none.",
    counter: "What the counter-melody plays: the name of a take, or none.",
    harmony: "What the harmony plays: the name of a take, or none.",
    bass: "What the bass plays: the name of a take, or none.",
    drums: "What the drums play: the name of a take, or none.",
  },
  moods: {
    valence: "Sad to glad, -1 to 1. Default: 0.",
    arousal: "Calm to excited, 0 to 1. Default: 0.5.",
    tempo: "Speed: quarter notes per minute, 40 to 240. Default: the score's.",
    meter: "Meter. Default: the score's.",
    phrase: "Length of a phrase: 4 to 8 whole bars. Default: the score's.",
    key: "Key, such as D dorian. Default: the score's.",
    style:
      "What the model leans on, and how busy stems are where `activity` says nothing. Default: left to the model.",
    stems:
      "The stems in play: a list, or a map from each to the intensity at which it comes in or to its level over intensity. Default: all five, always.",
    activity:
      "How busy each stem is over intensity, 0 (rests) to 4: a number or a curve of 2 to 16 points such as [[0, 1], [1, 4]]. Default: left to the composer.",
    form: "The order of its phrases, such as A A' B A, or the name of a form. Default: A A' B A.",
    progression:
      "Its chords, such as i VI III VII, or the name of a progression, or a list of them for the letters of the form. Default: left to the composer.",
    theme:
      "The theme that it is recognised by: the name of one, none, or a map. Default: that of the mood that it inherits from.",
    markers:
      "Places in every phrase that a change may wait for, by name, at most 16: each a length in bars or beats below that of the phrase. Default: none.",
    takes:
      "The authored takes that stems play in place of generated ones: the name of one for each stem, or none. Default: those of the mood that it inherits from, stem by stem.",
    inherit: "The mood whose values it takes where it has none. Default: none.",
  },
  theme: {
    name: "The name of a theme, or none.",
    likeness:
      "How like the theme a phrase must be at least and may be at most: two numbers within 0 to 1, the smaller first. Default: [0.6, 1].",
    register: "Octaves above the theme's own place (negative: below), -2 to 2. Default: 0.",
    density:
      "all keeps every note of the theme, sparse in each bar the stronger half. Default: all.",
  },
  stems: {
    melody:
      "Intensity from which the melody plays, 0 to 1 of its range; 0: always. Or its level over intensity, such as [[0.3, 0], [0.6, 1]].",
    counter:
      "Intensity from which the counter-melody plays, 0 to 1 of its range; 0: always. Or its level over intensity, such as [[0.3, 0], [0.6, 1]].",
    harmony:
      "Intensity from which the harmony plays, 0 to 1 of its range; 0: always. Or its level over intensity, such as [[0.3, 0], [0.6, 1]].",
    bass: "Intensity from which the bass plays, 0 to 1 of its range; 0: always. Or its level over intensity, such as [[0.3, 0], [0.6, 1]].",
    drums:
      "Intensity from which the drums play, 0 to 1 of its range; 0: always. Or its level over intensity, such as [[0.3, 0], [0.6, 1]].",
  },
  activity: {
    melody: "How busy the melody is, 0 to 4, or that over intensity.",
    counter: "How busy the counter-melody is, 0 to 4, or that over intensity.",
    harmony: "How busy the harmony is, 0 to 4, or that over intensity.",
    bass: "How busy the bass is, 0 to 4, or that over intensity.",
    drums: "How busy the drums are, 0 to 4, or that over intensity.",
  },
  locations: {
    palette:
      "Its instruments: the name of a palette, or two that are blended, such as [plucked, wooden] or { plucked: 0.6, wooden: 0.4 }. Default: the score's.",
    mood: "Its mood while no rule asks for another. Default: the score's first mood.",
    colour: "How the place sounds beyond its instruments. Default: as its palette sounds.",
  },
  colour: {
    room: "Share of the music that goes to the reverb, 0 to 1. Default: the palette's.",
    brightness:
      "1 is open, 0 as through a wall: a low-pass filter from 20 kHz down to 300 Hz. Default: 1.",
    level: "Level of the music in the place, -60dB to 0dB. Default: 0dB.",
  },
  stingers: {
    theme: "A theme that it plays, in the key that sounds. Default: the model writes one.",
    take: "A take that it plays once, as it is, its first bar on the sync point: the name of one. Default: it is generated.",
    at: `The sync point that it waits for: ${SYNC}. Default: beat.`,
    length:
      "Of what is generated: 1 to 4 whole bars. Default: 1 bar, or as many as the take has, 4 at most.",
    stems: "The stems that play it. Default: [melody, harmony].",
    intensity: "Calm to forceful, 0 to 1. Default: 0.8.",
    cooldown: "For so long after its beginning it is not played again, 0s to 60s. Default: 0s.",
    most: "Stingers at once, 1 to 8: where so many sound, those of lower priority give way or this one is dropped. Default: 2.",
    priority: "Of stingers at once the one with the lowest gives way, -100 to 100. Default: 0.",
    moods: "Moods in which it may sound: the name of a mood, any, or a list of them. Default: any.",
    next: "Whether it rings on or is cut when another mood begins. Default: ring.",
    duck: "How far the music steps back while it sounds: a level such as -4dB, or a map. Default: not at all.",
  },
  duck: {
    by: "Level of the music under the stinger, -60dB to 0dB.",
    attack: "Time in which the music steps back, 0s to 60s. Default: 100ms.",
    release: "Time in which the music comes back, 0s to 60s. Default: 600ms.",
  },
  rules: {
    when: "The condition that makes the rule hold, such as intensity > 0.7 and location is cave.",
    until:
      "The condition that ends it; never true together with when. Default: the opposite of when.",
    mood: "The mood that it asks for.",
    for: "The shortest time that it holds once it has begun: a length in the tempo of the mood that sounds then. Default: 0s.",
    cooldown: "For so long after its end it does not begin again, 0s to 60s. Default: 0s.",
    priority:
      "Of the rules that hold the one with the highest decides, of equals the first: -100 to 100. Default: 0.",
  },
  transitions: {
    from: "Moods that are left: the name of a mood, any, or a list of them.",
    to: "Moods that begin: the name of a mood, any, or a list of them.",
    at: `The sync point that the change waits for: ${SYNC}. Default: bar.`,
    enter:
      "Where in its music the new mood is entered. Default: start, or same position where only the place changes.",
    fade: "Length of the crossfade in the tempo of the mood that begins: at most 32 bars, 128 beats or 60s; what comes out longer than 8s takes 8s. Default: 1 bar.",
    bridge:
      "Bars that lead from one mood to the other: none, 1 to 8 whole bars, or a map. Default: none.",
    stinger: "A stinger that sounds where the new mood begins. Default: none.",
  },
  bridge: {
    length: "none, or 1 to 8 whole bars.",
    tempo:
      "Whether the tempo goes over to the new mood's bar by bar (ramp) or changes with it (step). Default: ramp; step with takes, which keep theirs.",
    stems:
      "The stems in play beside those of its takes. Where none of its takes can be played, it has those of the mood that is left. Default: those of the mood that is left.",
    takes:
      "The authored takes that stems play in place of generated ones: the name of one for each stem, or none. Default: none.",
  },
};
