import type { Point, SignalSpec } from "../score/score.ts";
import { seconds, unitInterval, type Seconds, type UnitInterval } from "../time/units.ts";

/** All signals. Bounded: one `Signal` for each name that the score declares, whatever is set. */
export type SignalState = ReadonlyMap<string, Signal>;

/** A signal on its way from where it was at its last change to the value that was set then. */
interface Signal {
  readonly spec: SignalSpec;
  readonly anchor: number;
  readonly anchoredAt: Seconds;
  readonly target: number;
}

export type SignalProblem = "unknown-signal" | "not-a-number" | "out-of-range";

/** Time constants until a signal has arrived: e^-7, less than a thousandth of the way, is left. */
const ARRIVAL = 7;

/** Every signal rests at its initial value from time 0. */
export const createSignals = (specs: Readonly<Record<string, SignalSpec>>): SignalState =>
  new Map(Object.entries(specs).map(([name, spec]) => [name, restOf(spec)]));

function restOf(spec: SignalSpec): Signal {
  const value = bend(spec.initial, spec.curve);
  return { spec, anchor: value, anchoredAt: seconds(0), target: value };
}

/**
 * Lets a signal head for `value` from time `at`. Never throws: what is no finite number or has no
 * such name leaves the state as it is, what is out of range is clamped. A time before the signal's
 * last change counts as the time of that change. Setting a signal to where it is already heading
 * gives back the same state, so it costs nothing to set it every frame.
 */
export const setSignal = (
  state: SignalState,
  name: string,
  value: unknown,
  at: Seconds,
): SignalChange =>
  changed(state, name, value, (signal, target) =>
    isNews(signal, target) ? retarget(state, name, signal, target, at) : state,
  );

/** Puts a signal where `value` is, as if it had always been there. Otherwise as `setSignal`. */
export const placeSignal = (state: SignalState, name: string, value: unknown): SignalChange =>
  changed(state, name, value, (signal, target) =>
    new Map(state).set(name, { ...signal, anchor: target, target }),
  );

interface SignalChange {
  readonly state: SignalState;
  readonly problem?: SignalProblem;
}

function changed(
  state: SignalState,
  name: string,
  value: unknown,
  change: (signal: Signal, target: number) => SignalState,
): SignalChange {
  const signal = state.get(name);
  if (signal === undefined) return { state, problem: "unknown-signal" };
  if (typeof value !== "number" || !Number.isFinite(value)) {
    return { state, problem: "not-a-number" };
  }
  const [low, high] = signal.spec.range;
  const inside = Math.max(low, Math.min(high, value));
  const next = change(signal, bend(inside, signal.spec.curve));
  return inside === value ? { state: next } : { state: next, problem: "out-of-range" };
}

/** What a value stands for on a curve: straight between its points, level beyond the first and the last. */
function bend(value: number, curve: readonly Point[]): number {
  const after = curve.findIndex(([from]) => from >= value);
  const [right, left] = [curve[after], curve[after - 1]];
  if (right === undefined) return curve.at(-1)?.[1] ?? value;
  if (left === undefined) return right[1];
  const share = (value - left[0]) / (right[0] - left[0]);
  return left[1] + share * (right[1] - left[1]);
}

/** Whether a value differs from the one that is headed for by its dead band, or has come to an end of the range. */
function isNews({ spec, target }: Signal, value: number): boolean {
  if (value === target) return false;
  return Math.abs(value - target) >= spec.deadBand || spec.range.includes(value);
}

/** The smoothed value at a time, in the signal's own range; 0 where no such signal exists. */
export function readSignal(state: SignalState, name: string, at: Seconds): number {
  const signal = state.get(name);
  return signal === undefined ? 0 : valueAt(signal, at);
}

/** The smoothed value as a share of the signal's range; 0 where no such signal exists. */
export function readNormalised(state: SignalState, name: string, at: Seconds): UnitInterval {
  const signal = state.get(name);
  if (signal === undefined) return unitInterval(0);
  const [low, high] = signal.spec.range;
  return unitInterval((valueAt(signal, at) - low) / (high - low));
}

function retarget(
  state: SignalState,
  name: string,
  signal: Signal,
  target: number,
  at: Seconds,
): SignalState {
  // Written so that NaN counts as a time before the last change too.
  const anchoredAt = at > signal.anchoredAt && at < Infinity ? at : signal.anchoredAt;
  const anchor = valueAt(signal, anchoredAt);
  return new Map(state).set(name, { spec: signal.spec, anchor, anchoredAt, target });
}

/**
 * The step response of a one-pole low-pass in closed form:
 *
 *     value(t) = target + (anchor - target) · exp(-(t - anchoredAt) / τ)
 *
 * with τ = attack for a rise and release for a fall: after τ, 63 % of the way is done. It depends on
 * the set events alone, so it comes out the same however often it is read. This is the curve of
 * `AudioParam.setTargetAtTime` (Web Audio API, W3C Recommendation, section 1.6.3).
 */
function valueAt({ spec, anchor, anchoredAt, target }: Signal, at: Seconds): number {
  const elapsed = at - anchoredAt;
  const constant = target > anchor ? spec.attack : spec.release;
  // An exponential never arrives, and a rule may wait for a bound itself.
  if (elapsed >= ARRIVAL * constant) return target;
  if (!(elapsed > 0)) return anchor;
  const value = target + (anchor - target) * Math.exp(-elapsed / constant);
  const [low, high] = spec.range;
  return Math.max(low, Math.min(high, value)); // rounding may pass a bound by one unit in the last place
}
