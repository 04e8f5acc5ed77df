/** The maximum length of a thumbnail's longer side, in pixels. */
export const THUMBNAIL_PIXELS = 256
export const THUMBNAIL_BYTES = 64 * 1024

export type ThumbnailUpload = {
  upload: { method: "put"; url: string; headers: Record<string, string> }
}

/** Whether files of this type get a thumbnail. SVG does not, because it is never rendered. */
export const hasThumbnail = (contentType: string) => /^(image\/(?!svg)|video\/)/i.test(contentType)
