import "server-only"
import { Refusal } from "#lib/adapters/errors.ts"
import { sayStatus } from "./document-status.ts"

/**
 * Awaits the result of a page's query. Returns null and sets the status 404 for something that does
 * not exist or has an invalid address, so that the page can say so.
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
