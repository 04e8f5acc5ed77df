import { z } from "zod"
import type { ShareStatus } from "#lib/shares/share.ts"
import { Uuid } from "#lib/uuid.ts"

/** Shares that one stream may watch. */
export const WATCHED_MOST = 200

export const LiveQuery = z.object({
  /** Ids with commas between them. */
  ids: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(Uuid).min(1).max(WATCHED_MOST)),
  /** Whether visitors are counted too, which reads events. */
  visitors: z.literal("1").optional(),
})

/** What is counted on a share, as an open page of its owner shows it. */
export type LiveNumbers = {
  id: string
  views: number
  /** Null unless it was asked for. */
  visitors: number | null
  downloads: number
  previews: number
  botViews: number
  status: ShareStatus
}
