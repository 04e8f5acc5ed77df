import "server-only"
import { notFound } from "next/navigation"
import { Refusal } from "#lib/errors.ts"

/** What a page asks a room for; what is not there, or was not asked for rightly, is a page that is not there. */
export async function orNotFound<Value>(asked: Promise<Value>): Promise<Value> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Refusal && (error.code === "not_found" || error.code === "invalid"))
      notFound()
    throw error
  }
}
