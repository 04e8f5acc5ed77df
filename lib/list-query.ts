import { z } from "zod"

/** What every list takes from its address. */
export const ListQuery = z.object({
  q: z.string().trim().max(200).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export type ListQuery = z.infer<typeof ListQuery>
