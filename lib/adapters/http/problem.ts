import "server-only"
import { z } from "zod"
import type { Refusal } from "#lib/adapters/errors.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { sayRefusal } from "#lib/adapters/text/sentences.ts"

export const Problem = z.strictObject({
  type: z.literal("about:blank"),
  code: z.string(),
  title: z.string(),
  status: z.int(),
  field: z.string().optional(),
})

/** The problem details of a Refusal (RFC 9457). */
export const problemOf = (refusal: Refusal, locale: Locale): z.infer<typeof Problem> => ({
  type: "about:blank",
  code: refusal.code,
  title: sayRefusal(refusal, locale),
  status: refusal.status,
  ...(refusal.field && { field: refusal.field }),
})
