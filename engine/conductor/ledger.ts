import type { PhraseTake } from "../composer/take.ts";
import { perStem, type PerStem, type Stem } from "../music/stem.ts";

/**
 * What became of requests. Every one is in one of the first six, every delivered take in one of the last four:
 *
 *     requested = open + onTime + committedEarly + late + cancelled + failed
 *     onTime + committedEarly + late = waiting + used + kept + wasted
 */
export type Account =
  | "open"
  /** Delivered before the deadline with all its passes … */
  | "onTime"
  /** … with the likeliest choice where passes were missing … */
  | "committedEarly"
  /** … and after the deadline. */
  | "late"
  | "cancelled"
  /** The generator gave an error, no note, or was lost. */
  | "failed"
  /** Delivered, and its place has not come yet. */
  | "waiting"
  /** Heard, or certain to be. */
  | "used"
  /** Its place is gone, but it may still be heard: as the mood's last good take, or at the next visit. */
  | "kept"
  /** Will not be heard. */
  | "wasted";

export type Tally = Readonly<Record<Account | "requested", number>>;
export type Delivery = "onTime" | "committedEarly" | "late";

/** A request on its way into the accounts. */
export interface Ticket {
  readonly mood: string;
  readonly stems: readonly Stem[];
  status: Account;
  fate: Account | undefined;
}

type Counts = Record<Account | "requested", number>;

const noCounts = (): Counts => ({
  requested: 0,
  open: 0,
  onTime: 0,
  committedEarly: 0,
  late: 0,
  cancelled: 0,
  failed: 0,
  waiting: 0,
  used: 0,
  kept: 0,
  wasted: 0,
});

/** Counts requests, in all and for every stem of every mood. What is counted only moves between accounts. */
export class Ledger {
  readonly #total = noCounts();
  readonly #moods = new Map<string, PerStem<Counts>>();
  readonly #takes = new WeakMap<PhraseTake, Ticket>();

  /** Requests; live. */
  get total(): Tally {
    return this.#total;
  }

  /** The stems that they were for, by mood; live. A request counts once for each of its stems. */
  get byMood(): ReadonlyMap<string, PerStem<Tally>> {
    return this.#moods;
  }

  /** A request is made. */
  open(mood: string, stems: readonly Stem[]): Ticket {
    const ticket: Ticket = { mood, stems, status: "open", fate: undefined };
    this.#count(ticket, "requested", 1);
    this.#count(ticket, "open", 1);
    return ticket;
  }

  close(ticket: Ticket, as: "cancelled" | "failed"): void {
    this.#move(ticket, as);
  }

  deliver(ticket: Ticket, take: PhraseTake, how: Delivery): void {
    this.#move(ticket, how);
    this.#takes.set(take, ticket);
    this.#settle(ticket, "waiting");
  }

  /** What became of a take, as far as it was requested. One that is heard stays `used`. */
  settle(take: PhraseTake, fate: "used" | "kept" | "wasted"): void {
    const ticket = this.#takes.get(take);
    if (ticket !== undefined && ticket.fate !== "used") this.#settle(ticket, fate);
  }

  fateOf(take: PhraseTake): Account | undefined {
    return this.#takes.get(take)?.fate;
  }

  #move(ticket: Ticket, status: Account): void {
    this.#count(ticket, ticket.status, -1);
    ticket.status = status;
    this.#count(ticket, status, 1);
  }

  #settle(ticket: Ticket, fate: Account): void {
    if (ticket.fate !== undefined) this.#count(ticket, ticket.fate, -1);
    ticket.fate = fate;
    this.#count(ticket, fate, 1);
  }

  #count({ mood, stems }: Ticket, account: Account | "requested", by: number): void {
    this.#total[account] += by;
    let counts = this.#moods.get(mood);
    if (counts === undefined) {
      counts = perStem(noCounts);
      this.#moods.set(mood, counts);
    }
    for (const stem of stems) counts[stem][account] += by;
  }
}
