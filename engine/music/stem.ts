/** One musical role. The order is that of the model's lanes and of every table in the project. */
export type Stem = "melody" | "counter" | "harmony" | "bass" | "drums";

export const STEMS: readonly Stem[] = ["melody", "counter", "harmony", "bass", "drums"];

/** A value for each stem. */
export type PerStem<Value> = Readonly<Record<Stem, Value>>;

/** Builds a value for each stem. */
export const perStem = <Value>(make: (stem: Stem) => Value): PerStem<Value> => ({
  melody: make("melody"),
  counter: make("counter"),
  harmony: make("harmony"),
  bass: make("bass"),
  drums: make("drums"),
});
