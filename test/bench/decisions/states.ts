import { createMachine, initialTransition, transition } from "xstate";

/**
 * A bare state machine of so many moods, each of which one event leads to from anywhere. Gives back what
 * sends the event of a mood, counted from 0, and answers with the state that follows.
 */
export function openMachine(moods: number): (mood: number) => unknown {
  const names = Array.from({ length: moods }, (_, index) => `mood-${index}`);
  const machine = createMachine({
    initial: "mood-0",
    states: Object.fromEntries(names.map((name) => [name, {}])),
    on: Object.fromEntries(names.map((name) => [`to ${name}`, `.${name}`])),
  });
  let [snapshot] = initialTransition(machine);
  return (mood) => {
    [snapshot] = transition(machine, snapshot, { type: `to mood-${mood}` });
    return snapshot.value;
  };
}
