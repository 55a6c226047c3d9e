import { beforeAll, expect, test } from "vitest";
import { shippedBank } from "../../engine/bank/shipped.ts";
import { ORCHESTRA, PALETTES } from "../../engine/renderer-worker/palettes.ts";
import { createRenderer, type Renderer } from "../../engine/renderer-worker/renderer.ts";
import { decibels, seconds } from "../../engine/time/units.ts";
import { mixOf } from "../../integrations/cli/palette-loudness.ts";
import { fetchBytes } from "../helpers/fetch-model.ts";
import { peak, toDecibels, truePeak } from "../helpers/pcm-measure.ts";
import { renderDeck } from "../helpers/pcm-render.ts";
import { RATE } from "../helpers/pcm-signals.ts";

const soundfont = new URL("../../engine/renderer-worker/palettes/band.sf3", import.meta.url).href;
const orchestra = new URL("../../engine/renderer-worker/palettes/orchestra.sf3", import.meta.url)
  .href;
const now = seconds(0);

let renderer: Renderer;
beforeAll(async () => {
  renderer = await createRenderer({ soundfont: await fetchBytes(soundfont), sampleRate: RATE });
  const bytes = await fetchBytes(orchestra);
  await renderer.addFont({ name: ORCHESTRA, soundfont: bytes, palettes: PALETTES });
}, 120_000);

/** The busiest phrases that the bank has, two bars of each. */
const LOUD = shippedBank.phrases
  .filter(({ meter, arousal }) => meter === "4/4" && arousal > 0.8)
  .map((phrase) => ({ ...phrase, bars: 2 }));

test.each(
  PALETTES.map((palette, nth) => [palette.name, palette, LOUD[nth % LOUD.length]] as const),
)(
  "loud music on %s, with another as loud across it and the largest room, stays under -1 dB true peak",
  async (_, palette, phrase) => {
    const [other = phrase] = LOUD.toReversed();
    if (phrase === undefined || other === undefined) throw new Error("the bank has no loud phrase");
    const tracks = [phrase, other].map((each) => mixOf(renderer, palette, each));
    const { left, right } = await renderDeck({
      length: 5,
      script: (deck) => {
        deck.setColour({ room: 1, brightness: 1, level: decibels(0), at: now, ramp: now });
        for (const [nth, [from, to]] of tracks.entries()) {
          deck.open(`${nth}`, { at: now, fade: now });
          deck.play(`${nth}`, { left: from, right: to }, now);
        }
      },
    });
    const before = Math.max(...tracks.flat().map(peak));
    const measured = Math.max(truePeak(left), truePeak(right));
    expect(toDecibels(measured)).toBeLessThanOrEqual(-1);
    // It was loud, and it was held, not only turned down.
    expect(toDecibels(before)).toBeGreaterThan(-8);
    expect(toDecibels(measured)).toBeGreaterThan(-8);
  },
);
