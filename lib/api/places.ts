import "server-only"
import { createFairQueue, isQueueRefusal } from "#lib/adapters/host/fair-queue.ts"
import { LISTS, listsInTurn, type Reader, readInTurn } from "#lib/adapters/host/read-in-turn.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { type Call, isList } from "./call.ts"

/** Few and short, because a waiting call takes one of the places of its address. */
const WAITS = { waiting: 4, longest: 2_000 }

/** A member's simultaneous calls of each cost in a process; further calls wait. */
const LIMITS = {
  store: { running: 24, ...WAITS },
  dear: { running: 2, ...WAITS },
  export: { running: 2, ...WAITS },
}

/** One queue per member and cost, so that members do not delay each other. */
const queues = new Map<string, ReturnType<typeof createFairQueue>>()

type Place = { leave: () => void; waited: boolean }

/**
 * Waits until the call may run: a list until its reader's turn comes, another until its member may
 * make a call of this cost. Returns the function that ends the call, and whether the call waited.
 * Refuses (too_many) if four of a member wait, or after 2 s; and as `readInTurn` does.
 */
export async function takePlace(call: Call, reader: Reader): Promise<Place> {
  if (isList(call))
    return place(listsInTurn().running >= LISTS.running, (hold) => readInTurn(reader, hold))
  const { cost } = call
  if (!cost) return { leave: () => {}, waited: false }
  const name = `${cost} ${Object.values(reader)}`
  const queue = queues.get(name) ?? createFairQueue(LIMITS[cost])
  queues.set(name, queue)
  const waited = queue.state().running >= LIMITS[cost].running
  try {
    return await place(waited, (hold) => queue.run([], hold))
  } catch (error) {
    if (!isQueueRefusal(error)) throw error
    throw refusal("too_many", "requests", {}, { retryAfterSeconds: 1 })
  }
}

/** Takes a place in a queue, which is held until the returned function ends it. */
const place = (waited: boolean, run: (hold: () => Promise<void>) => Promise<void>) =>
  new Promise<Place>((resolve, reject) => {
    run(() => new Promise((leave) => resolve({ leave, waited }))).catch(reject)
  })
