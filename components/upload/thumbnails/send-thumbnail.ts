import "client-only"
import type { ThumbnailUpload } from "#lib/rooms/files/file.ts"
import { hasThumbnail } from "#lib/rooms/files/thumbnails/thumbnail.ts"
import type { FileRecord } from "#packages/uploader/upload-protocol.ts"
import { drawThumbnail } from "./draw-thumbnail.ts"

/** Draws one at a time, because several large images would exhaust a phone's memory. */
let queue: Promise<void> = Promise.resolve()

/** Draws and uploads a thumbnail of a stored file, which is complete without: no failure shows. */
export function sendThumbnail({ id, contentType }: FileRecord, body: Blob) {
  if (!hasThumbnail(contentType)) return
  queue = queue.then(() => send(id, contentType, body)).catch(() => {})
}

async function send(id: string, contentType: string, body: Blob) {
  const picture = await drawThumbnail(body, contentType)
  if (!picture) return
  const url = `/api/v1/files/${id}/thumbnail`
  const begun = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ size: picture.size, contentType: picture.type }),
  })
  if (!begun.ok) return
  const { upload }: ThumbnailUpload = await begun.json()
  const sent = await fetch(upload.url, {
    method: "PUT",
    headers: upload.headers,
    body: picture,
    credentials: "omit",
  })
  if (sent.ok) await fetch(`${url}/complete`, { method: "POST" })
}
