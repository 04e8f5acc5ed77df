/** Pixels of the longer side of a thumbnail, at most. */
export const THUMBNAIL_PIXELS = 256
export const THUMBNAIL_BYTES = 64 * 1024

/** How the browser sends it to the store. */
export type ThumbnailUpload = {
  upload: { method: "put"; url: string; headers: Record<string, string> }
}

/** Whether a thumbnail is made of files of this type. SVG is drawn by nothing here. */
export const hasThumbnail = (contentType: string) => /^(image\/(?!svg)|video\/)/i.test(contentType)
