import type { LinkFile, OpenPage } from "#lib/rooms/claims/open/link-page.ts"

const LEAST_PICTURES = 3
const LEAST_FRACTION = 0.9
const LEAST_THUMBNAILS = 0.5

/**
 * Whether the files that a page lists are shown as a gallery: at least three pictures, which make
 * up nine tenths of the ready files and of which at least half have thumbnails. Without previews,
 * or before a claim that previews need, there are no thumbnails.
 */
export function isGallery({ files, needsClaim }: Pick<OpenPage, "files" | "needsClaim">): boolean {
  if (needsClaim) return false
  const ready = files.filter(({ status }) => status === "ready")
  const pictures = ready.filter(({ preview }) => preview === "image")
  return (
    pictures.length >= LEAST_PICTURES &&
    pictures.length >= LEAST_FRACTION * ready.length &&
    pictures.filter(isPicture).length >= LEAST_THUMBNAILS * pictures.length
  )
}

/** Whether a gallery shows a file as a picture, and not as a row below the pictures. */
export const isPicture = ({ status, preview, hasThumbnail }: LinkFile) =>
  status === "ready" && preview === "image" && hasThumbnail
