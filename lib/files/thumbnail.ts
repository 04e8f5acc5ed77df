import { z } from "zod"

/** Pixels of the longer side of a thumbnail, at most. */
export const THUMBNAIL_PIXELS = 256
export const THUMBNAIL_BYTES = 64 * 1024

/** What the browser announces of a thumbnail before it sends it. */
export const ThumbnailInput = z.object({
  size: z.number().int().min(1).max(THUMBNAIL_BYTES, "A thumbnail has at most 64 KiB."),
  contentType: z.enum(
    ["image/webp", "image/jpeg"],
    "A thumbnail is of the type image/webp or image/jpeg.",
  ),
})
export type ThumbnailInput = z.infer<typeof ThumbnailInput>

/** How the browser sends it to the store. */
export type ThumbnailUpload = {
  upload: { method: "put"; url: string; headers: Record<string, string> }
}

/** Whether a thumbnail is made of files of this type. SVG is drawn by nothing here. */
export const hasThumbnail = (contentType: string) => /^(image\/(?!svg)|video\/)/i.test(contentType)
