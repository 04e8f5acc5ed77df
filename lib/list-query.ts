import { z } from "zod"
import { PlainText } from "./plain-text.ts"

/** What every list takes from its address. */
export const ListQuery = z.object({
  q: PlainText.pipe(z.string().max(200)).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export type ListQuery = z.infer<typeof ListQuery>
