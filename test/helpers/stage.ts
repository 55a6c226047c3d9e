import type { Pcm } from "../../engine/conductor/cut-take.ts";
import type { Playing, Rendering } from "../../engine/conductor/parts.ts";
import { Instruments } from "../../engine/conductor/instruments.ts";
import { Stage } from "../../engine/conductor/stage.ts";
import type { Stem } from "../../engine/music/stem.ts";
import { paletteNamed } from "../../engine/renderer-worker/palettes.ts";
import type { RenderRequest } from "../../engine/renderer-worker/service.ts";
import { milliseconds } from "../../engine/time/units.ts";

const SAMPLE_RATE = 8000;

/** A stage whose player notes what it is told, and whose renderer answers at once but for the stems that it is told to keep or refuse. */
export function bareStage({
  pcmBudget = 0,
  listen = (): void => undefined,
}: {
  readonly pcmBudget?: number;
  readonly listen?: (chunk: Pcm, at: number) => void;
} = {}) {
  const told: string[] = [];
  const lateness: string[] = [];
  const opened: {
    readonly voice: string;
    readonly level: number;
    readonly pan: number | undefined;
  }[] = [];
  const outcomes = new Map<string, "late" | "missed">();
  const tell = (what: string, voice: string, ...times: readonly number[]): void => {
    told.push([what, voice, ...times.map((time) => Number(time.toFixed(3)))].join(" "));
  };
  const playing: Playing = {
    sampleRate: SAMPLE_RATE,
    open: (voice, { at, level, pan }) => {
      tell("open", voice, at);
      opened.push({ voice, level, pan });
    },
    play: (voice, chunk, at) => {
      tell("play", voice, at);
      listen(chunk, at);
      return outcomes.get(voice) ?? "scheduled";
    },
    close: (voice, { at, fade }) => tell("close", voice, at, fade),
    reopen: () => false,
    setLevel: () => undefined,
    dip: (voice, dips) => tell("dip", voice, ...dips.flatMap(({ at, to }) => [at, to])),
    setDipDepth: (voice, share, at) => tell("depth", voice, share, at),
    setColour: () => undefined,
    duck: (name, { at, until }) => tell("duck", name, at, until),
    endDuck: (name, at) => tell("end duck", name, at),
  };
  let cost = milliseconds(0);
  const kept: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  const keeps = new Set<Stem>();
  const refuses = new Set<Stem>();
  const asked: RenderRequest[] = [];
  const released: string[] = [];
  const recycled: ArrayBuffer[] = [];
  const rendering: Rendering = {
    render: async (request) => {
      const { take, from, to } = request;
      asked.push(request);
      const isOf = (stems: ReadonlySet<Stem>): boolean =>
        [...stems].some((stem) => take.endsWith(`:${stem}`));
      if (isOf(refuses)) throw new RangeError("no such voice");
      if (isOf(keeps)) await new Promise<void>((resolve, reject) => kept.push({ resolve, reject }));
      const silence = () => new Float32Array(to - from);
      return { take, from, to, left: silence(), right: silence(), cost };
    },
    release: (take) => released.push(take),
    recycle: (memory) => recycled.push(...memory),
  };
  const stage = new Stage({
    pcmBudget,
    playing,
    instruments: new Instruments(paletteNamed),
    events: { late: (outcome) => lateness.push(outcome), renderFailed: () => undefined },
    rendered: () => undefined,
  });
  stage.rendering = rendering;
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  };
  /** The renderer gives what it kept. */
  const give = async (): Promise<void> => {
    keeps.clear();
    for (const { resolve } of kept.splice(0)) resolve();
    await settle();
  };
  /** The renderer is lost with what it kept. */
  const lose = async (): Promise<void> => {
    keeps.clear();
    const error = Object.assign(new Error("gone"), { name: "RendererLostError" });
    for (const { reject } of kept.splice(0)) reject(error);
    await settle();
  };
  /** What a chunk costs from now on, in seconds. */
  const costs = (time: number): void => {
    cost = milliseconds(time * 1000);
  };
  return {
    stage,
    told,
    opened,
    asked,
    released,
    recycled,
    keeps,
    refuses,
    outcomes,
    give,
    lose,
    settle,
    costs,
    /** Chunks that were told to have come late or to be missed. */
    lateness,
  };
}
