import type { ShareView } from "#lib/rooms/shares/share.ts"

/**
 * The state of a share on an open page of its owner, which keeps it up to date. If its version
 * differs from the page's, the page is outdated.
 */
export type LiveNumbers = Pick<
  ShareView,
  "id" | "status" | "version" | "views" | "downloads" | "viewers" | "previews" | "botViews"
> & {
  /** Null unless they were requested. */
  visitors: number | null
}
