import type { Soundtrack, SoundtrackSnapshot } from "attacca";
import { drawAnswers } from "./answers-chart.ts";
import { createTrace } from "./traces.ts";
import { drawPhrases, STEM_COLOURS, STEM_NAMES } from "./piano-roll.ts";

/** The panel that shows what the music does. All it says comes from `music.snapshot()`. Hidden at first. */
export interface Overlay {
  toggle(): void;
}

/** Times a second. */
const RATE = 10;

const MARKUP = /* html */ `
<div class="panel">
  <section>
    <div><b class="mood" data-slot="mood"></b> <span data-slot="location"></span></div>
    <div class="row"><span data-slot="tempo"></span><span class="faint" data-slot="position"></span></div>
    <div class="faint" data-slot="rule"></div>
  </section>
  <section>
    <h2>Now and next</h2>
    <div class="row"><span data-slot="now"></span><span class="faint" data-slot="next"></span></div>
    <canvas data-slot="roll" width="656" height="212" style="height:106px" aria-label="Notes of this phrase and the next"></canvas>
    <div data-slot="pending"></div>
  </section>
  <section>
    <h2>Stems, and who wrote them</h2>
    <div class="meters" data-slot="stems"></div>
  </section>
</div>
<div class="panel">
  <section>
    <h2>Signals</h2>
    <div class="traces" data-slot="signals"></div>
  </section>
  <section>
    <h2>Generator</h2>
    <div class="row"><span data-slot="generator"></span><span class="faint" data-slot="queue"></span></div>
    <canvas data-slot="answers" width="656" height="116" style="height:58px" aria-label="Latency of the last answers against their deadlines"></canvas>
    <div data-slot="latency"></div>
    <div class="row faint"><span data-slot="tier"></span><span data-slot="frame"></span></div>
    <div class="faint" data-slot="ready"></div>
    <div class="faint" data-slot="counters"></div>
  </section>
</div>`;

/** A hyphen at which no line ends. */
const NO_BREAK = "\u2011";
/** Counters that a player can make something of. */
const TOLD = /^(takes|late|missed|fault)/;

export function createOverlay(root: HTMLElement, music: Pick<Soundtrack, "snapshot">): Overlay {
  root.innerHTML = MARKUP;
  const slots = slotsOf(root);
  const stems = new Map(STEM_NAMES.map((stem) => [stem, addMeter(slots("stems"), stem)]));
  for (const [stem, meter] of stems) meter.colour(STEM_COLOURS[stem]);
  const signals = new Map<string, Signal>();

  const update = (): void => {
    const shot = music.snapshot();
    mark(root, shot);
    for (const [name, value] of Object.entries(shot.signals)) {
      const signal = signals.get(name) ?? addSignal(slots("signals"), name);
      signals.set(name, signal);
      signal.add(value);
    }
    if (root.hidden) return;
    for (const signal of signals.values()) signal.show();
    for (const [slot, text] of Object.entries(textsOf(shot))) say(slots(slot), text);
    slots("latency").classList.toggle("alarm", (shot.generator.answers.at(-1)?.margin ?? 0) < 0);
    for (const [stem, meter] of stems) {
      meter.show(
        shot.layers[stem],
        shot.phrase?.sources[stem] ?? "–",
        shot.nextPhrase?.sources[stem],
      );
    }
    drawPhrases(canvasIn(slots("roll")), shot);
    drawAnswers(canvasIn(slots("answers")), shot.generator.answers);
  };
  setInterval(update, 1000 / RATE);
  return {
    toggle: () => {
      root.hidden = !root.hidden;
    },
  };
}

function textsOf(shot: SoundtrackSnapshot): Readonly<Record<string, string>> {
  const { phrase, nextPhrase, pending, generator } = shot;
  const answer = generator.answers.at(-1);
  return {
    mood: shot.mood,
    location: shot.location === undefined ? "" : `in ${shot.location}`,
    position: `bar ${shot.bar + 1} · beat ${Math.floor(shot.beat) + 1}`,
    tempo: `${shot.key} · ${Math.round(shot.tempo)} bpm · ${shot.meter}`,
    rule: ruleOf(shot),
    tier: `quality ${shot.quality.tier}`,
    frame: `frame ${shot.quality.frameTime.toFixed(1)} ms`,
    now: phrase === undefined ? "nothing yet" : `${phrase.role}, ${count(phrase.bars, "bar")}`,
    next:
      nextPhrase === undefined
        ? ""
        : `then ${nextPhrase.role} in ${until(nextPhrase.startsAt, shot.time)}`,
    pending:
      pending === undefined
        ? "no transition asked for"
        : `${pending.from} → ${pending.to} at the ${pending.sync} in ${until(pending.at, shot.time)}`,
    generator: [generator.state, generator.backend].filter(Boolean).join(" on "),
    queue: generator.queueLength === 0 ? "queue empty" : `${generator.queueLength} queued`,
    latency:
      answer === undefined
        ? "no answer yet"
        : `${Math.round(answer.elapsed)} ms for ${count(answer.passes, "pass", "passes")}, ${
            answer.margin < 0 ? "late by" : "early by"
          } ${seconds(Math.abs(answer.margin) / 1000)}`,
    ready: `ready: ${shot.readyMoods.join(", ") || "–"}`,
    counters: Object.entries(shot.counters)
      .filter(([name, value]) => value !== 0 && TOLD.test(name))
      .map(([name, value]) => `${name.replaceAll("-", NO_BREAK)} ${value}`)
      .join(" · "),
  };
}

/** The rule that decides, and why; without one the place does. */
function ruleOf({ rules, location }: SoundtrackSnapshot): string {
  const deciding = rules.find(({ status }) => status === "decides");
  if (deciding === undefined) return `no rule holds: ${location ?? "the score"} decides`;
  return `rule ${deciding.index + 1}: ${deciding.why}`;
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;
const until = (at: number, now: number): string => seconds(Math.max(0, at - now));
const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** Puts the state on the element, where style sheets and tests can read it. */
function mark(root: HTMLElement, shot: SoundtrackSnapshot): void {
  const { dataset } = root;
  dataset["state"] = shot.state;
  dataset["mood"] = shot.mood;
  dataset["location"] = shot.location ?? "";
  dataset["bar"] = String(shot.bar);
  dataset["generator"] = shot.generator.state;
  dataset["intensity"] = (shot.signals["intensity"] ?? 0).toFixed(3);
  dataset["sources"] = Object.entries(shot.phrase?.sources ?? {})
    .map(([stem, source]) => `${stem}:${source}`)
    .join(" ");
}

interface Meter {
  /** Level within [0, 1], a word beside it, and another that follows it. */
  show(level: number, word: string, later?: string): void;
  colour(code: string): void;
}

function addMeter(parent: HTMLElement, name: string): Meter {
  const [label, bar, word, later] = ["span", "span", "span", "span"].map((tag) =>
    parent.appendChild(document.createElement(tag)),
  );
  const fill = document.createElement("i");
  if (label) label.textContent = name;
  bar?.classList.add("bar");
  bar?.append(fill);
  later?.classList.add("faint");
  return {
    show: (level, text, next) => {
      fill.style.transform = `scaleX(${Math.min(1, Math.max(0, level)).toFixed(3)})`;
      if (word) say(word, text);
      if (later) say(later, next === undefined ? "" : `→ ${next}`);
    },
    colour: (code) => bar?.style.setProperty("--colour", code),
  };
}

/** A signal as a trace. */
interface Signal {
  add(value: number): void;
  /** Draws it, and writes the last value beside it. */
  show(): void;
}

function addSignal(parent: HTMLElement, name: string): Signal {
  const label = parent.appendChild(document.createElement("span"));
  label.textContent = name;
  const trace = createTrace(name);
  parent.append(trace.canvas);
  const word = parent.appendChild(document.createElement("span"));
  let last = 0;
  return {
    add: (value) => {
      last = value;
      trace.add(value);
    },
    show: () => {
      trace.draw();
      say(word, last.toFixed(2));
    },
  };
}

function slotsOf(root: HTMLElement): (name: string) => HTMLElement {
  const found = new Map<string, HTMLElement>();
  for (const element of root.querySelectorAll<HTMLElement>("[data-slot]")) {
    found.set(element.dataset["slot"] ?? "", element);
  }
  return (name) => {
    const element = found.get(name);
    if (element === undefined) throw new Error(`the overlay has no slot "${name}"`);
    return element;
  };
}

function canvasIn(element: HTMLElement): CanvasRenderingContext2D {
  const context = element instanceof HTMLCanvasElement ? element.getContext("2d") : null;
  if (context === null) throw new Error("the overlay has no canvas to draw on");
  return context;
}

/** Touches the page only when the text has changed. */
function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
