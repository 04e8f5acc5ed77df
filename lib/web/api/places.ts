import "server-only"
import { createFairQueue, QueueRefusal } from "#lib/adapters/host/fair-queue.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Call } from "./call.ts"

/** Few and short: they hold places of their address, and the session was checked before. */
const WAITS = { waiting: 4, longest: 2_000 }

/** The calls of a cost that one member has under way in a process; others wait their turn. */
const LIMITS = {
  store: { running: 24, ...WAITS },
  dear: { running: 2, ...WAITS },
  export: { running: 2, ...WAITS },
}

/** One for each member and cost, so that nobody waits for another member. */
const queues = new Map<string, ReturnType<typeof createFairQueue>>()

/**
 * Waits for a place of the member for a call that costs much, and returns the function that frees
 * it. Refuses (too_many) if four wait, or after 2 s.
 */
export async function takePlace(cost: Call["cost"], memberId: string): Promise<() => void> {
  if (!cost) return () => {}
  const name = `${cost} ${memberId}`
  const queue = queues.get(name) ?? createFairQueue(LIMITS[cost])
  queues.set(name, queue)
  return new Promise((resolve, reject) => {
    const hold = () => new Promise<void>((leave) => resolve(leave))
    queue.run([], hold).catch((error) => {
      const isRefused = error instanceof QueueRefusal
      const busy = () => refusal("too_many", "requests", {}, { retryAfterSeconds: 1 })
      reject(isRefused ? busy() : error)
    })
  })
}
