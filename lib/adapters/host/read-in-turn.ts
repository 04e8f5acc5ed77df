import "server-only"
import { addressNetwork, addressPrefix } from "#lib/adapters/http/address-prefix.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { createFairQueue, type Place } from "./fair-queue.ts"

/** Who reads: a member, by the id, or a stranger, by the client's address. */
export type Reader = { member: string } | { address: string }

/** Fewer wait than the least number of a request class, which has room for other requests then. */
export const LISTS = { running: 2, waiting: 32, longest: 10_000 }

const lists = () => processWide("lists", () => createFairQueue(LISTS))

/**
 * Reads a list in the process's one queue of lists: two are read at once, in turns by member, or by
 * network and address for strangers. Refuses (QueueRefusal) the reader of whom most wait, if too
 * many do, and after ten seconds (docs/decisions/039).
 */
export const readInTurn = <Result>(reader: Reader, work: () => Promise<Result>): Promise<Result> =>
  lists().run(turnOf(reader), work)

export const listsInTurn = () => lists().state()

export const turnOf = (reader: Reader): Place =>
  "member" in reader
    ? ["members", reader.member, reader.member]
    : ["strangers", addressNetwork(reader.address), addressPrefix(reader.address)]
