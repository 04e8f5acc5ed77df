import "server-only"
import { z } from "zod"

/** The most that a list answers at once. */
const MOST_LISTED = 200

export const listOf = <Item extends z.ZodType>(item: Item, most = MOST_LISTED) =>
  z.strictObject({ items: z.array(item).max(most), nextCursor: z.string().nullable() })

/** A page of a list; `total` is null above 1,000. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  listOf(item).extend({ prevCursor: z.string().nullable(), total: z.int().nullable() })

export const idsOf = z.strictObject({ ids: z.array(z.uuid()).max(10_000) })
export const counted = z.strictObject({ count: z.int() })
