import data from "./bank.json" with { type: "json" };
import { readBank } from "./bank-file.ts";
import type { Bank } from "./bank.ts";

/** The bank that comes with the package. */
export const shippedBank: Bank = readBank(data);
