import "server-only"
import { Refusal } from "#lib/errors.ts"
import { sayStatus } from "./document-status.ts"

/**
 * Awaits what a page asked a room for. Returns null for something that does not exist or has an
 * invalid address; the status is then 404, and the page says so.
 */
export async function orNotFound<Value>(asked: Promise<Value>): Promise<Value | null> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof Refusal) || !["not_found", "invalid"].includes(error.code)) throw error
    sayStatus(404)
    return null
  }
}
