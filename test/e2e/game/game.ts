/**
 * A game that plays what its address says and writes what happens into attributes of `#game`, where a test
 * can read it whatever the page's policy forbids.
 */
import { createSoundtrack, type Soundtrack, type SoundtrackAssets } from "attacca";

const SCORE = `
attacca: 1
title: A game in a test
tempo: 180
moods: { walk: { arousal: 0.5 } }
`;

interface Wishes {
  readonly assets?: SoundtrackAssets;
  /** Soundtracks at once; default 1. */
  readonly soundtracks?: number;
}

const wishes = JSON.parse(new URLSearchParams(location.search).get("wishes") ?? "{}") as Wishes;
const element = document.querySelector<HTMLElement>("#game");
if (element === null) throw new Error("the page has no #game");
const { dataset } = element;
const seen = {
  faults: new Set<string>(),
  warnings: new Set<string>(),
  sources: new Set<string>(),
  violations: new Set<string>(),
  progress: new Map<string, string>(),
  stalls: new Set<string>(),
  audio: new Set<string>(),
};

function show(): void {
  dataset["faults"] = [...seen.faults].join(" ");
  dataset["warnings"] = [...seen.warnings].join(" ");
  dataset["sources"] = [...seen.sources].join(" ");
  dataset["violations"] = [...seen.violations].join(" ");
  dataset["audio"] = [...seen.audio].join(" ");
  dataset["stalls"] = [...seen.stalls].join(" ");
  for (const [what, text] of seen.progress) dataset[what] = text;
}

document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  seen.violations.add(`${effectiveDirective}=${blockedURI}`);
  show();
});

function watch(music: Soundtrack): void {
  music.on("fault", ({ code, reason }) => {
    seen.faults.add(reason === undefined ? code : `${code}:${reason}`);
    show();
  });
  music.on("warning", ({ code }) => {
    seen.warnings.add(code);
    show();
  });
  music.on("audio", ({ what }) => {
    seen.audio.add(what);
    show();
  });
  music.on("take", ({ source }) => {
    seen.sources.add(source);
    show();
  });
  music.on("progress", ({ what, loadedBytes, totalBytes, state }) => {
    seen.progress.set(what, `${state} ${loadedBytes} of ${totalBytes}`);
    if (state === "stalled") seen.stalls.add(what);
    show();
  });
}

dataset["isolated"] = String(crossOriginIsolated);
try {
  for (let index = 0; index < (wishes.soundtracks ?? 1); index += 1) {
    const music = await createSoundtrack({
      score: SCORE,
      generator: "wasm",
      // On a busy machine the governor would have the bank play.
      quality: "full",
      ...(wishes.assets === undefined ? {} : { assets: wishes.assets }),
    });
    watch(music);
    const start = (): void => {
      music
        .start()
        .then(() => (dataset["state"] = "playing"))
        .catch((error: unknown) => (dataset["failure"] = String(error)));
    };
    start();
    document.addEventListener("click", start);
    setInterval(() => {
      const { generator, counters } = music.snapshot();
      dataset["generator"] = generator.state;
      dataset["scheduled"] = String(counters["scheduled"] ?? 0);
    }, 100);
  }
} catch (error) {
  dataset["failure"] = String(error);
}
