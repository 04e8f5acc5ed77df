import "server-only"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Call } from "./call.ts"

/** The calls of a cost that one member may have under way in a process. */
const PLACES = { store: 24, dear: 6 }

const taken = new Set<{ by: string }>()

/**
 * Takes a place of the member for a call that costs much, and returns the function that frees it.
 * Refuses (too_many) if all are taken, so that nobody takes the places of others.
 */
export function takePlace(cost: Call["cost"], memberId: string): () => void {
  if (!cost) return () => {}
  const place = { by: `${cost} ${memberId}` }
  if ([...taken].filter(({ by }) => by === place.by).length >= PLACES[cost])
    throw refusal("too_many", "requests", {}, { retryAfterSeconds: 1 })
  taken.add(place)
  return () => void taken.delete(place)
}
