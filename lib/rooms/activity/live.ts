import type { ShareView } from "#lib/rooms/shares/share.ts"

/**
 * The state of a share that an open page of its owner keeps up to date. If its version differs from
 * that of the page, the page is outdated.
 */
export type LiveNumbers = Pick<
  ShareView,
  "id" | "status" | "version" | "views" | "downloads" | "viewers" | "previews" | "botViews"
> & {
  /** Null unless they were requested. */
  visitors: number | null
}
