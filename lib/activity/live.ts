import type { ShareStatus } from "#lib/shares/share.ts"

/** What is counted on a share, as an open page of its owner shows it. */
export type LiveNumbers = {
  id: string
  views: number
  /** Null unless they were asked for. */
  visitors: number | null
  downloads: number
  previews: number
  botViews: number
  status: ShareStatus
}
