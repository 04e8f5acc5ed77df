import type { ShareView } from "#lib/rooms/shares/share.ts"

export type LeadingNumber = "views" | "downloads" | "viewers" | "previews"

type Counted = Pick<ShareView, "viewOnly" | "maxDownloads" | "downloads" | "viewers">

/**
 * The most important number of a share: what its limit counts, which is viewers where
 * nothing can be downloaded; without a limit previews of a view-only share, otherwise downloads once
 * there are any, and views before.
 */
export function leadingNumber(share: Counted): LeadingNumber {
  const { viewOnly, maxDownloads, downloads, viewers } = share
  if (viewOnly) return maxDownloads === null ? "previews" : "viewers"
  return maxDownloads !== null || downloads > viewers ? "downloads" : "views"
}
