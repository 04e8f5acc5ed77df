/** The length of a thumbnail's longer side, in pixels. */
export const THUMBNAIL_PIXELS = 256
/** That of a PDF's first page, which fills the page of its link. */
export const PAGE_PIXELS = 512
export const THUMBNAIL_BYTES = 64 * 1024

/**
 * Whether a thumbnail is made of files of this type. SVG is excluded, because it is never rendered.
 */
export const hasThumbnail = (contentType: string) =>
  /^(image\/(?!svg)|video\/|application\/pdf$)/i.test(contentType)
