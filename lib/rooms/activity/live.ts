import "server-only"
import { z } from "zod"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import { ShareView } from "#lib/rooms/shares/share.ts"

/**
 * The state of a share on an open page of its owner, which keeps it up to date. If its version
 * differs from the page's, the page is outdated.
 */
export const LiveNumbers = ShareView.pick({
  id: true,
  status: true,
  version: true,
  views: true,
  downloads: true,
  viewers: true,
  previews: true,
  botViews: true,
}).extend({
  /** Null unless they were requested. */
  visitors: z.int().nullable(),
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
