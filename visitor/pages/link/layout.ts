import type { LinkFile, OpenPage } from "#lib/rooms/claims/open/link-page.ts"
import { isGallery } from "#visitor/pages/files/is-gallery.ts"

/**
 * How an open link is laid out: a file that fills the page, pictures, a list, a file in one narrow
 * column, or a request.
 */
export type Layout = "stage" | "gallery" | "list" | "file" | "request"

export function layoutOf(link: OpenPage, isBot: boolean): Layout {
  if (!isBot && isGallery(link)) return "gallery"
  if (fileOnStage(link, isBot)) return "stage"
  return onlyFile(link) ? "file" : "list"
}

/** The file of a link that has no other one, once it is ready. */
export function onlyFile({ files, counts }: Pick<OpenPage, "files" | "counts">): LinkFile | null {
  const { ready, arriving, abandoned } = counts
  return (ready === 1 && arriving + abandoned === 0 && files[0]) || null
}

/**
 * The file that fills the page instead of being listed: the only one, if it is a picture, a video
 * or a PDF and may be previewed without a claim. A bot, which must not count as a preview, gets the
 * list.
 */
export function fileOnStage(link: OpenPage, isBot: boolean): LinkFile | null {
  const file = onlyFile(link)
  if (!file || isBot || link.needsClaim) return null
  const { preview } = file
  return preview === "image" || preview === "video" || preview === "pdf" ? file : null
}
