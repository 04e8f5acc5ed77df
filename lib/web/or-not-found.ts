import "server-only"
import { Refusal } from "#lib/errors.ts"
import { sayStatus } from "./document.ts"

/**
 * What a page asks a room for. Null for what is not there or was not asked for rightly: the document is a 404
 * then, and the page draws it.
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
