import type { ShareView } from "#lib/shares/share.ts"

export type LeadingNumber = "views" | "downloads" | "previews"

type Counted = Pick<ShareView, "viewOnly" | "maxDownloads" | "downloads">

/**
 * The number that tells the owner most about a share: downloads once there are any or a limit
 * counts them, previews where nothing can be downloaded, otherwise views.
 */
export function leadingNumber({ viewOnly, maxDownloads, downloads }: Counted): LeadingNumber {
  if (viewOnly) return "previews"
  return maxDownloads !== null || downloads > 0 ? "downloads" : "views"
}
