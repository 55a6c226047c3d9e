import { STEMS, type Soundtrack, type SoundtrackEvents } from "attacca";
import { afterAll, beforeAll, beforeEach, describe, expect } from "vitest";
import type { RenderRequest } from "../../engine/renderer-worker/service.ts";
import { fetchBytes } from "../helpers/fetch-model.ts";
import { makeFonts, type MadeFonts } from "../helpers/fonts.ts";
import { listen, sleep, until, watchWorkers } from "../helpers/game.ts";
import { longestSilence } from "../helpers/pcm-measure.ts";
import { startRecorder } from "../helpers/recorder.ts";
import { testWith } from "../helpers/soundtracks.ts";

const band = new URL("../../engine/renderer-worker/palettes/band.sf3", import.meta.url).href;

const ORCHESTRA = `
attacca: 1
tempo: 150
palette: orchestra
moods: { walk: { arousal: 0.9 } }
`;
const OWN = `
attacca: 1
tempo: 150
palette: castle
palettes:
  castle:
    font: castle.sf2
    like: wooden
    voices: { melody: { program: 73, octave: 1 }, bass: { program: 32 }, drums: { program: 0 } }
moods: { walk: { arousal: 0.9 } }
`;

/** Seconds: a rest of all stems, no more. */
const MOST_SILENCE = 1;

/** What renderers were asked for, oldest first. */
let asked: RenderRequest[] = [];
const forget = (): void => {
  asked = [];
};
const post = Worker.prototype.postMessage;
let fonts: MadeFonts;
beforeAll(async () => {
  Worker.prototype.postMessage = function (this: Worker, ...sent: unknown[]): void {
    const [message] = sent;
    const { path, argumentList } = message as {
      readonly path?: readonly string[];
      readonly argumentList?: readonly { readonly value: RenderRequest }[];
    };
    const request = path?.[0] === "render" ? argumentList?.[0]?.value : undefined;
    if (request !== undefined) asked.push(request);
    Reflect.apply(post, this, sent);
  };
  fonts = await makeFonts(await fetchBytes(band));
});
afterAll(() => {
  Worker.prototype.postMessage = post;
});

const test = testWith({ score: ORCHESTRA, generator: "off" });

const fontOf = ({ voice }: RenderRequest): string | undefined =>
  voice.kind === "sampled" ? voice.font : undefined;
/** What is told beside how busy the machine is. */
const told = (faults: readonly SoundtrackEvents["fault"][]): readonly SoundtrackEvents["fault"][] =>
  faults.filter(({ code }) => code !== "render-late" && code !== "sync-point-missed");
const wasOn =
  (font: string, last = 0) =>
  (): boolean =>
    asked.slice(-last).some((request) => fontOf(request) === font);
const isOn = (font: string) => wasOn(font, STEMS.length);

/** Records for a while; the longest silence in it, in seconds. */
async function silenceIn(music: Soundtrack, seconds: number): Promise<number> {
  const recorder = await startRecorder(music.output);
  await sleep(seconds);
  const { left, right, sampleRate } = await recorder.stop();
  const sum = left.map((sample, at) => Math.abs(sample) + Math.abs(right[at] ?? 0));
  return longestSilence(sum, sampleRate, -80).duration;
}

describe.concurrent("a palette of the score's own", () => {
  beforeAll(forget);

  test.for(["sf2", "sf3", "dls"] as const)(
    "plays on the game's soundfont: %s",
    async (format, { soundtrack }) => {
      const given = fonts[format];
      const name = `castle.${format}`;
      const files = async (path: string): Promise<Uint8Array> => {
        if (path !== name) throw new Error(`no ${path}`);
        return given;
      };
      const music = await soundtrack({ score: OWN.replace("castle.sf2", name), files });
      const faults = listen(music, "fault");
      await music.start();
      await until(wasOn(`file ${name}`), 60, "the soundfont");
      expect(await silenceIn(music, 3)).toBeLessThan(MOST_SILENCE);
      expect(told(faults)).toEqual([]);
      // It is still the game's.
      expect(given.length).toBeGreaterThan(1000);
    },
  );
});

describe("the orchestra", () => {
  beforeEach(forget);

  test("comes when a score names it; a phrase that has begun on another palette ends on it", async ({
    soundtrack,
  }) => {
    const music = await soundtrack({});
    const faults = listen(music, "fault");
    const progress = listen(music, "progress");
    await music.start();
    expect(fontOf(asked[0] ?? fail())).toBeUndefined();
    const silence = silenceIn(music, 8);
    await until(isOn("orchestra"), 60, "the orchestra");
    expect(await silence).toBeLessThan(MOST_SILENCE);
    const known = progress.findLast(({ what }) => what === "orchestra");
    expect(known).toMatchObject({ state: "ready" });
    expect(known?.totalBytes).toBeLessThan(9e6);
    const takes = new Map<string, Set<string | undefined>>();
    for (const request of asked) {
      const played = takes.get(request.take) ?? new Set();
      takes.set(request.take, played.add(fontOf(request)));
    }
    for (const [take, played] of takes) expect(played.size, take).toBe(1);
    expect(told(faults)).toEqual([]);
  });

  test("is back after the renderer was lost", async ({ soundtrack }) => {
    const workers = watchWorkers();
    const music = await soundtrack({});
    await music.start();
    await until(isOn("orchestra"), 60, "the orchestra");
    workers.kill("renderer-worker");
    const before = asked.length;
    const silence = silenceIn(music, 8);
    await until(() => asked.length > before + 20 && isOn("orchestra")(), 90, "its return");
    expect(await silence).toBeLessThan(MOST_SILENCE);
    workers.stop();
  });

  test("that cannot be had is told, with what plays in its place", async ({ soundtrack }) => {
    // Another test's cache has it.
    const assets = { orchestraUrl: "/nowhere.sf3", cacheName: "without the orchestra" };
    const music = await soundtrack({ assets });
    const faults = listen(music, "fault");
    await music.start();
    await until(() => told(faults).length >= 2, 30, "the fault");
    const [failed, unavailable] = told(faults);
    expect(failed).toMatchObject({ code: "download-failed", reason: "missing" });
    expect(unavailable?.code).toBe("soundfont-unavailable");
    expect(unavailable?.message).toMatch(
      /^palette "orchestra": .*nowhere\.sf3.*; "heroic" plays in its place$/,
    );
    expect(await silenceIn(music, 3)).toBeLessThan(MOST_SILENCE);
    expect(asked.every((request) => fontOf(request) === undefined)).toBe(true);
  });

  test("is not asked for where no score names it", async ({ soundtrack }) => {
    const music = await soundtrack({ score: "attacca: 1\nmoods: { walk: }" });
    const progress = listen(music, "progress");
    await music.start();
    await sleep(1);
    expect(new Set(progress.map(({ what }) => what))).toEqual(new Set(["palette"]));
  });
});

describe.concurrent("a soundfont of the score's own", () => {
  beforeAll(forget);

  const large = new ArrayBuffer(64_000_001);
  test.for([
    ["that is missing", () => Promise.reject(new Error("HTTP 404")), /castle\.sf2: HTTP 404/],
    [
      "that is no soundfont",
      () => Promise.resolve(new TextEncoder().encode("<!doctype html>")),
      /castle\.sf2: the soundfont cannot be read: it is no SF2, SF3 or DLS file/,
    ],
    [
      "that is cut off",
      () => Promise.resolve(fonts.sf2.subarray(0, 200_000)),
      /castle\.sf2: the soundfont cannot be read: it ends after 200000 of \d+ bytes/,
    ],
    [
      "that is too large",
      () => Promise.resolve(large),
      /castle\.sf2: it has 64\.0 MB, expected at most 64 MB of all soundfonts together/,
    ],
    [
      "that the game's own code fails to give",
      () => Promise.resolve(undefined as unknown as ArrayBuffer),
      /castle\.sf2: the game gave no bytes for it/,
    ],
  ] as const)(
    "%s is told in one sentence, and another plays",
    async ([, files, message], { soundtrack }) => {
      const music = await soundtrack({ score: OWN, files });
      const faults = listen(music, "fault");
      await music.start();
      await until(() => told(faults).length > 0, 30, "the fault");
      const [fault, ...others] = told(faults);
      expect(others).toEqual([]);
      expect(fault?.code).toBe("soundfont-unavailable");
      expect(fault?.message).toMatch(message);
      expect(fault?.message).toMatch(/; "wooden" plays in its place$/);
      expect(fault?.message).not.toContain("\n");
      expect(await silenceIn(music, 2)).toBeLessThan(MOST_SILENCE);
      expect(asked.every((request) => fontOf(request) === undefined)).toBe(true);
    },
  );

  test("beside the page is fetched from there, and told where it is not", async ({
    soundtrack,
  }) => {
    const music = await soundtrack({ score: OWN.replace("castle.sf2", "nowhere/castle.sf2") });
    const faults = listen(music, "fault");
    await music.start();
    await until(() => told(faults).length > 0, 30, "the fault");
    expect(told(faults)[0]?.message).toMatch(
      /nowhere\/castle\.sf2: .*; "wooden" plays in its place$/,
    );
  });
});

const fail = (): never => {
  throw new Error("nothing was asked for");
};
