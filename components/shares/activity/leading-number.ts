import type { ShareView } from "#lib/rooms/shares/share.ts"

export type LeadingNumber = "views" | "downloads" | "viewers" | "previews"

type Counted = Pick<ShareView, "viewOnly" | "maxDownloads" | "downloads" | "viewers">

/**
 * Returns the most important number of a share.
 *
 * - With a limit: what the limit counts, which is viewers if nothing can be downloaded.
 * - Without a limit: previews of a view-only share. Otherwise downloads, or views before the first
 *   download.
 */
export function leadingNumber(share: Counted): LeadingNumber {
  const { viewOnly, maxDownloads, downloads, viewers } = share
  if (viewOnly) return maxDownloads === null ? "previews" : "viewers"
  return maxDownloads !== null || downloads > viewers ? "downloads" : "views"
}
