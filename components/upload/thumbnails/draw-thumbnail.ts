import "client-only"
import type { ViewerFiles } from "#lib/rooms/files/reads/own-scripts.ts"
import {
  PAGE_PIXELS,
  THUMBNAIL_BYTES,
  THUMBNAIL_PIXELS,
} from "#lib/rooms/files/thumbnails/thumbnail.ts"

/** The largest image to decode. A larger one may need more memory than a phone has. */
export const LARGEST_IMAGE_BYTES = 64 * 1024 ** 2
const LARGEST_IMAGE_PIXELS = 200_000_000
const VIDEO_TIMEOUT_MS = 15_000
/** The time of the frame to draw, in seconds. Videos often begin with a black frame. */
const VIDEO_SECONDS = 1
const QUALITIES = [0.8, 0.5, 0.2]

/** Readers look for the mark of a PDF in its first bytes. */
const PDF_START_BYTES = 1024

type Drawable = ImageBitmap | HTMLVideoElement

/** Draws a thumbnail of a file, or of a video's URL, as WebP or JPEG; null if it cannot. */
export async function drawThumbnail(body: Blob | string, contentType: string) {
  if (typeof body === "string") return ofVideo(body)
  if (/pdf$/i.test(contentType)) return ofPdf(body)
  return contentType.startsWith("video/") ? ofVideoFile(body) : ofImage(body)
}

let pdfFiles: ViewerFiles["pdf"] | undefined

/** Sets what draws PDFs; undefined while the server has none. */
export const drawPdfsBy = (files: typeof pdfFiles) => {
  pdfFiles = files
}

async function ofPdf(body: Blob) {
  if (!pdfFiles || !(await body.slice(0, PDF_START_BYTES).text()).includes("%PDF-")) return null
  const { drawFirstPage } = await import("./draw-first-page.ts")
  const page = await drawFirstPage(body, PAGE_PIXELS, pdfFiles)
  return page && draw(page, page.width, page.height, PAGE_PIXELS)
}

async function ofImage(body: Blob) {
  if (body.size > LARGEST_IMAGE_BYTES) return null
  const pixels = await picturePixels(body)
  if (pixels === 0 || pixels > LARGEST_IMAGE_PIXELS) return null
  const image = await createImageBitmap(body).catch(() => null)
  if (!image) return null
  const picture = await draw(image, image.width, image.height)
  image.close()
  return picture
}

async function ofVideoFile(body: Blob) {
  const url = URL.createObjectURL(body)
  try {
    return await ofVideo(url)
  } finally {
    URL.revokeObjectURL(url)
  }
}

async function ofVideo(url: string) {
  const video = document.createElement("video")
  video.muted = true
  video.playsInline = true
  video.preload = "auto"
  // Otherwise the drawing could not be read, because the video is of the store's origin.
  video.crossOrigin = "anonymous"
  try {
    const loaded = happened(video, "loadeddata")
    video.src = url
    await loaded
    const seeked = happened(video, "seeked")
    video.currentTime = Math.min(VIDEO_SECONDS, (video.duration || 0) / 2)
    await seeked
    return await draw(video, video.videoWidth, video.videoHeight)
  } catch {
    return null
  } finally {
    video.removeAttribute("src")
    video.load()
  }
}

function happened(video: HTMLVideoElement, event: "loadeddata" | "seeked") {
  return new Promise<void>((resolve, reject) => {
    video.addEventListener(event, () => resolve(), { once: true })
    video.addEventListener("error", () => reject(new Error("the video cannot be played")), {
      once: true,
    })
    setTimeout(() => reject(new Error(`no ${event}`)), VIDEO_TIMEOUT_MS)
  })
}

async function draw(
  source: Drawable,
  width: number,
  height: number,
  pixels = THUMBNAIL_PIXELS,
): Promise<Blob | null> {
  if (width === 0 || height === 0) return null
  const scale = Math.min(1, pixels / Math.max(width, height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const context = canvas.getContext("2d")
  if (!context) return null
  context.imageSmoothingQuality = "high"
  context.drawImage(source, 0, 0, canvas.width, canvas.height)
  return encode(canvas)
}

/** Encodes as WebP or, in Safari, which cannot, as JPEG with white for transparent areas. */
async function encode(canvas: HTMLCanvasElement): Promise<Blob | null> {
  for (const quality of QUALITIES) {
    const webp = await toBlob(canvas, "image/webp", quality)
    const picture = webp?.type === "image/webp" ? webp : await toJpeg(canvas, quality)
    if (picture && picture.size <= THUMBNAIL_BYTES) return picture
  }
  return null
}

function toJpeg(canvas: HTMLCanvasElement, quality: number) {
  const context = canvas.getContext("2d")
  if (context) {
    context.globalCompositeOperation = "destination-over"
    context.fillStyle = "#fff"
    context.fillRect(0, 0, canvas.width, canvas.height)
  }
  return toBlob(canvas, "image/jpeg", quality)
}

const toBlob = (canvas: HTMLCanvasElement, type: string, quality: number) =>
  new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality))

/** Returns the number of pixels of an image, without drawing it; 0 if it is unreadable. */
async function picturePixels(body: Blob): Promise<number> {
  const url = URL.createObjectURL(body)
  try {
    return await new Promise((resolve) => {
      const image = new Image()
      image.onload = () => resolve(image.naturalWidth * image.naturalHeight)
      image.onerror = () => resolve(0)
      image.src = url
    })
  } finally {
    URL.revokeObjectURL(url)
  }
}
