import type { ShareView } from "#lib/rooms/shares/share.ts"

export type LeadingNumber = "views" | "downloads" | "viewers" | "previews"

type Counted = Pick<ShareView, "viewOnly" | "maxDownloads" | "downloads" | "viewers">

/**
 * Returns the most important number of a share. With a limit it is the limited number: downloads,
 * or viewers if nothing can be downloaded. Without one: previews of a view-only share, otherwise
 * downloads, or views before the first download.
 */
export function leadingNumber(share: Counted): LeadingNumber {
  const { viewOnly, maxDownloads, downloads, viewers } = share
  if (viewOnly) return maxDownloads === null ? "previews" : "viewers"
  return maxDownloads !== null || downloads > viewers ? "downloads" : "views"
}
