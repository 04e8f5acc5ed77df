import type { ShareStatus } from "#lib/shares/share.ts"

/** The state of a share that an open page of its owner keeps up to date. */
export type LiveNumbers = {
  id: string
  views: number
  /** Null unless they were requested. */
  visitors: number | null
  downloads: number
  viewers: number
  previews: number
  botViews: number
  status: ShareStatus
  /** The version of the ShareView; if it differs from that of the page, the page is outdated. */
  version: string
}
