import { describe, expect, test } from "vitest";
import { createEmitter } from "../../engine/emitter.ts";

interface Events {
  readonly beat: number;
  readonly bar: number;
}

function emitting() {
  const faults: string[] = [];
  const heard: string[] = [];
  const emitter = createEmitter<Events>((kind, error) => faults.push(`${kind}: ${String(error)}`));
  return { emitter, faults, heard };
}

describe("events", () => {
  test("that a listener causes are told after the one it hears, to everyone in one order", () => {
    const { emitter, heard } = emitting();
    emitter.on("beat", (beat) => {
      heard.push(`first ${beat}`);
      if (beat === 1) emitter.emit("bar", 1);
    });
    emitter.on("bar", (bar) => heard.push(`bar ${bar}`));
    emitter.on("beat", (beat) => heard.push(`second ${beat}`));
    emitter.emit("beat", 1);
    emitter.emit("beat", 2);
    expect(heard).toEqual(["first 1", "second 1", "bar 1", "first 2", "second 2"]);
  });

  test("of what runs together are told when it is over, in order, and also where it throws", () => {
    const { emitter, heard } = emitting();
    let isOver = false;
    emitter.on("beat", (beat) => heard.push(`${beat} ${isOver ? "after" : "within"}`));
    emitter.together(() => {
      emitter.emit("beat", 1);
      emitter.together(() => emitter.emit("beat", 2));
      isOver = true;
    });
    const failing = (): void =>
      emitter.together(() => {
        emitter.emit("beat", 3);
        throw new Error("broken");
      });
    expect(failing).toThrow("broken");
    expect(heard).toEqual(["1 after", "2 after", "3 after"]);
  });

  test("of what a listener runs together wait for the listener", () => {
    const { emitter, heard } = emitting();
    emitter.on("bar", () => heard.push("bar"));
    emitter.on("beat", () => {
      emitter.together(() => emitter.emit("bar", 1));
      heard.push("beat");
    });
    emitter.emit("beat", 1);
    expect(heard).toEqual(["beat", "bar"]);
  });

  test("reach everyone where one listener throws", () => {
    const { emitter, faults, heard } = emitting();
    emitter.on("beat", () => {
      throw new Error("mine");
    });
    emitter.on("beat", () => heard.push("other"));
    emitter.emit("beat", 1);
    expect(heard).toEqual(["other"]);
    expect(faults).toEqual(["beat: Error: mine"]);
  });

  test("are heard by new listeners from the next one on, and by stopped ones no more", () => {
    const { emitter, heard } = emitting();
    const again = (): void => {
      const stop = emitter.on("beat", (beat) => {
        heard.push(`${beat}`);
        stop();
        again();
      });
    };
    again();
    emitter.emit("beat", 1);
    emitter.emit("beat", 2);
    expect(heard).toEqual(["1", "2"]);
  });

  test("are not heard by a listener that another one has just stopped", () => {
    const { emitter, heard } = emitting();
    emitter.on("beat", () => stop());
    const stop = emitter.on("beat", () => heard.push("stopped"));
    emitter.emit("beat", 1);
    expect(heard).toEqual([]);
  });

  test("that listeners answer with events, for ever, leave the page its turns", async () => {
    const { emitter, heard } = emitting();
    emitter.on("beat", (beat) => {
      heard.push(`${beat}`);
      emitter.emit("beat", beat + 1);
    });
    emitter.emit("beat", 0);
    const first = heard.length;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(heard.length).toBeGreaterThan(first);
    emitter.close();
    expect(heard.slice(0, 2000)).toEqual(heard.slice(0, 2000).map((_, index) => `${index}`));
  });

  test("are told to nobody after the end, not even those on their way", () => {
    const { emitter, heard } = emitting();
    emitter.on("beat", (beat) => {
      heard.push(`first ${beat}`);
      emitter.close();
    });
    emitter.on("beat", (beat) => heard.push(`second ${beat}`));
    emitter.together(() => {
      emitter.emit("beat", 1);
      emitter.emit("beat", 2);
    });
    emitter.emit("beat", 3);
    expect(heard).toEqual(["first 1"]);
  });
});
