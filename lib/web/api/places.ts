import "server-only"
import { processWide } from "#lib/adapters/process-wide.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Call } from "./call.ts"

/** The calls of a cost that one member may have under way in a process. */
const PLACES = { store: 24, dear: 6 }

const taken = processWide("places of members", () => new Map<string, number>())

/**
 * Takes a place of the member for a call, and returns the function that frees it. Refuses
 * (too_many) if all are taken, so that nobody takes the places of others.
 */
export function takePlace(cost: Call["cost"], memberId: string): () => void {
  if (!cost) return () => {}
  const key = `${cost} ${memberId}`
  const count = (taken.get(key) ?? 0) + 1
  if (count > PLACES[cost]) throw refusal("too_many", "requests", {}, { retryAfterSeconds: 1 })
  taken.set(key, count)
  let isFree = false
  return () => {
    if (isFree) return
    isFree = true
    const left = (taken.get(key) ?? 1) - 1
    if (left > 0) taken.set(key, left)
    else taken.delete(key)
  }
}
