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

/** The same where a body may be left out: no body is an empty object. */
export async function readOptionalJson(request: Request): Promise<unknown> {
  const text = await request.text()
  try {
    return text ? JSON.parse(text) : {}
  } catch {
    throw new Refusal("invalid", "The body is not JSON.")
  }
}
