import "server-only"
import { Refusal } from "#lib/errors.ts"

/** The body of a request as JSON, to be parsed. Refuses (invalid) what is not JSON. */
export async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json()
  } catch {
    throw new Refusal("invalid", "The body is not JSON.")
  }
}
