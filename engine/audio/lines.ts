import type { BiquadFilter, Context } from "tone";
import { stereoGain } from "./fader.ts";

/**
 * The music on its way through the mixer: four channels, two of what is heard dry and two of what the room
 * gets, so that both go through the same gains and filters at the same time.
 */
const LINES = 4;

/** Where a voice goes in. */
export interface Bus {
  readonly dry: GainNode;
  readonly room: GainNode;
}

/** Makes a node one for all four channels. */
export function asLines<Node extends GainNode | BiquadFilter>(node: Node): Node {
  node.channelCount = LINES;
  node.channelCountMode = "explicit";
  node.channelInterpretation = "discrete";
  return node;
}

/** A way into a node of four channels. Two channels fill the first two; those of the room are put behind them. */
export function createBus(tone: Context, into: GainNode): Bus & { dispose(): void } {
  const dry = stereoGain(tone, 1);
  const room = stereoGain(tone, 1);
  const apart = new ChannelSplitterNode(tone.rawContext, { numberOfOutputs: 2 });
  const behind = new ChannelMergerNode(tone.rawContext, { numberOfInputs: LINES });
  dry.connect(into);
  room.connect(apart);
  apart.connect(behind, 0, 2);
  apart.connect(behind, 1, 3);
  behind.connect(into);
  return {
    dry,
    room,
    dispose() {
      apart.disconnect();
      behind.disconnect();
      dry.disconnect();
      room.disconnect();
    },
  };
}

/** Takes the four channels apart: the first two go to `dry`, the others to `room`. */
export function partLines(tone: Context, from: GainNode, { dry, room }: Bus): { dispose(): void } {
  const apart = new ChannelSplitterNode(tone.rawContext, { numberOfOutputs: LINES });
  from.connect(apart);
  const pairs = [dry, room].map((to, pair) => {
    const together = new ChannelMergerNode(tone.rawContext, { numberOfInputs: 2 });
    apart.connect(together, 2 * pair, 0);
    apart.connect(together, 2 * pair + 1, 1);
    together.connect(to);
    return together;
  });
  return {
    dispose() {
      for (const node of [apart, ...pairs]) node.disconnect();
    },
  };
}
