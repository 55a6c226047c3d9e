import type { MixSink } from "./mixdown.ts";
import type { Pcm } from "./tape-voice.ts";

/** Passes on what lies at or after a frame that may become known only later, but before it is reached. */
export function fromFrame(sink: MixSink, first: () => number): MixSink {
  let mixed = 0;
  const rest = ({ left, right }: Pcm, from: number): Pcm => {
    const skip = Math.min(left.length, Math.max(0, first() - from));
    return { left: left.subarray(skip), right: right.subarray(skip) };
  };
  return {
    async mix(pcm) {
      const heard = rest(pcm, mixed);
      mixed += pcm.left.length;
      if (heard.left.length > 0) await sink.mix(heard);
    },
    async stem(bus, pcm, from) {
      const heard = rest(pcm, from);
      if (heard.left.length > 0) await sink.stem(bus, heard, Math.max(0, from - first()));
    },
  };
}
