import { START, type Spot } from "./map.ts";

/** All that the game knows; the walk goes on from it. Times in seconds. */
export interface GameState {
  readonly at: Spot;
  /** Lanterns that shine, 0–5; also the number of the place whose turn it is. */
  readonly lanterns: number;
  /** What the walker's own lantern has left, 0–1. */
  readonly light: number;
  /** How long one has stood still. */
  readonly still: number;
  readonly act: ActState;
  readonly kindling: Kindling | undefined;
  readonly hush: HushState;
  readonly beat: BeatState;
  /** How far colour has spread from the last lantern, 0–1. */
  readonly spread: number;
  /** Places whose lantern has come into view. */
  readonly sighted: number;
  /** The crystal that was touched first: it gives the lantern of the cave its hue. */
  readonly crystal: number;
  /** How far the sun has risen, 0–1. */
  readonly dawn: number;
}

export interface ActState {
  /** One for each token of the place. */
  readonly done: readonly boolean[];
  /** The tokens in the order in which they were reached: it colours the lantern. */
  readonly order: readonly number[];
  /** Seconds of standing firm on the ridge. */
  readonly courage: number;
}

/** From the first touch of a great lantern to its light. */
export interface Kindling {
  readonly held: number;
  /** Until it lights; undefined while one still has to hold. */
  readonly left: number | undefined;
  readonly announced: boolean;
}

export interface HushState extends Spot {
  /** 0 gone, 1 there. */
  readonly presence: number;
  readonly chasing: boolean;
}

export interface BeatState {
  /** Beats since the walk began. */
  readonly count: number;
  /** Since the last one was heard. */
  readonly silence: number;
}

/** What the game takes in with every step. */
export interface GameInput {
  /** Seconds since the last step. */
  readonly dt: number;
  readonly at: Spot;
  /** Metres a second. */
  readonly speed: number;
  /** The key for waking a lantern is held. */
  readonly holding: boolean;
  /** Beats that were heard since the last step, and how far the present one has gone, 0–1. */
  readonly beats: number;
  readonly phase: number;
  /** Until the music's downbeat meets the lantern, where it says so. */
  readonly lightsIn?: number | undefined;
  /** Seconds of two bars and of a phrase, as the music goes now. */
  readonly twoBars: number;
  readonly phrase: number;
  /** Seconds of the finale. */
  readonly finale: number;
  /** The Hush keeps its distance, and stones stay above the water. */
  readonly gentle: boolean;
}

/** What happened in a step: others make it seen and heard. */
export type Happening =
  | {
      readonly kind: "token";
      readonly act: "fireflies" | "owls" | "stones" | "crystals";
      readonly index: number;
    }
  | { readonly kind: "sighted"; readonly lantern: number }
  | { readonly kind: "act-done" }
  | { readonly kind: "kindled" }
  | { readonly kind: "about-to-light" }
  | { readonly kind: "lit"; readonly lantern: number }
  | { readonly kind: "beset" }
  | { readonly kind: "fallen"; readonly back: Spot }
  | { readonly kind: "home" };

export interface Stepped {
  readonly state: GameState;
  readonly happenings: readonly Happening[];
}

export const NO_ACT: ActState = { done: [], order: [], courage: 0 };

export const newGame = (): GameState => ({
  at: START,
  lanterns: 0,
  light: 1,
  still: 0,
  act: NO_ACT,
  kindling: undefined,
  hush: { x: START.x + 24, z: 5, presence: 0, chasing: false },
  beat: { count: 0, silence: 0 },
  spread: 1,
  sighted: 0,
  crystal: 0,
  dawn: 0,
});
