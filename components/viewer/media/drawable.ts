/**
 * Drawing a larger image takes gigabytes of memory, whatever its file size. Cameras have up to 150
 * million pixels.
 */
const MAX_PIXELS = 200_000_000

/**
 * Whether an image can be shown. Browsers know its size before they have loaded all of it, and
 * decode it when it is shown.
 */
export function isDrawable({ naturalWidth, naturalHeight }: HTMLImageElement): boolean {
  const pixels = naturalWidth * naturalHeight
  return pixels > 0 && pixels <= MAX_PIXELS
}
