import "server-only"
import { createFairQueue, QueueRefusal } from "#lib/adapters/host/fair-queue.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Call } from "./call.ts"

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
 * Waits until the member may make a call of this cost. Returns the function that ends the call, and
 * whether the call waited. Refuses (too_many) if four wait, or after 2 s.
 */
export async function takePlace(cost: Call["cost"], memberId: string): Promise<Place> {
  if (!cost) return { leave: () => {}, waited: false }
  const name = `${cost} ${memberId}`
  const queue = queues.get(name) ?? createFairQueue(LIMITS[cost])
  queues.set(name, queue)
  const waited = queue.state().running >= LIMITS[cost].running
  return new Promise((resolve, reject) => {
    const hold = () => new Promise<void>((leave) => resolve({ leave, waited }))
    queue.run([], hold).catch((error) => {
      const isRefused = error instanceof QueueRefusal
      const busy = () => refusal("too_many", "requests", {}, { retryAfterSeconds: 1 })
      reject(isRefused ? busy() : error)
    })
  })
}
