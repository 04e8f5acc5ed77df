import "server-only"
import { z } from "zod"
import { Refusal } from "#lib/errors.ts"

const Id = z.uuid()

/** An id from a path. Refuses (not_found) what cannot be one. */
export function parseId(id: string): string {
  const result = Id.safeParse(id)
  if (!result.success) throw new Refusal("not_found", "There is nothing here.")
  return result.data
}
