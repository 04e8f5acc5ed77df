import "server-only"
import { z } from "zod"
import { PlainText } from "#lib/adapters/text/plain-text.ts"

export const ListQuery = z.object({
  q: PlainText.pipe(z.string().max(200)).optional(),
  cursor: z.string().max(4_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export type ListQuery = z.infer<typeof ListQuery>
