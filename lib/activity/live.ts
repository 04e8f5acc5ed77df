import "server-only"
import { z } from "zod"
import { SHARE_STATUSES } from "#lib/shares/share.ts"
import { Uuid } from "#lib/text/uuid.ts"

/** The state of a share that an open page of its owner keeps up to date. */
export const LiveNumbers = z.strictObject({
  id: z.uuid(),
  views: z.int(),
  /** Null unless they were requested. */
  visitors: z.int().nullable(),
  downloads: z.int(),
  viewers: z.int(),
  previews: z.int(),
  botViews: z.int(),
  status: z.enum(SHARE_STATUSES),
  /** The version of the ShareView; if it differs from that of the page, the page is outdated. */
  version: z.string(),
})
export type LiveNumbers = z.infer<typeof LiveNumbers>

/** The largest number of rows on a page of a list. */
const MAX_IDS = 200

export const LiveQuery = z.object({
  /** Ids separated by commas. */
  ids: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(Uuid).min(1).max(MAX_IDS)),
  /** The share whose visitors are counted too. */
  visitors: Uuid.optional(),
})
