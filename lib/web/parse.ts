import "server-only"
import type { z } from "zod"
import { Refusal } from "#lib/errors.ts"

/** The one place where unknown input becomes a value. The first problem is the refusal's sentence. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue?.path.join(".")
  const message = issue?.message ?? "That is not valid."
  throw new Refusal("invalid", field ? `${field}: ${message}` : message, field ? { field } : {})
}
