import "client-only"
import { teamHeader } from "#lib/adapters/http/owner-path.ts"
import type { ThumbnailUpload } from "#lib/rooms/files/file.ts"
import { hasThumbnail } from "#lib/rooms/files/thumbnails/thumbnail.ts"
import type { FileRecord } from "#packages/uploader/upload-protocol.ts"
import { drawThumbnail } from "./draw-thumbnail.ts"
import { whilePending } from "./pending-thumbnails.ts"

/** A store that does not answer must not keep the tab from being closed. */
const SEND_TIMEOUT_MS = 60_000

/** The file, or the URL of a video, and the slug of the team that it belongs to. */
type Source = { body: Blob | string; team: string | null }

/** Draws one at a time, because several large images would exhaust a phone's memory. */
let queue: Promise<void> = Promise.resolve()
const ignore = () => {}

/**
 * Draws and uploads a thumbnail of a stored file, which is complete without: no failure shows. One
 * of a file that is checked first is made later, as others that are missing.
 */
export function sendThumbnail({ id, contentType, status }: FileRecord, of: Source) {
  if (status !== "ready" || !hasThumbnail(contentType)) return
  void whilePending(id, () => {
    const work = () => uploadThumbnail(id, contentType, of)
    queue = queue.then(work).then(ignore, ignore)
    return queue
  })
}

/** Draws a thumbnail and uploads it. Returns false if this browser cannot draw it. */
export async function uploadThumbnail(
  id: string,
  contentType: string,
  { body, team }: Source,
): Promise<boolean> {
  const picture = await drawThumbnail(body, contentType)
  if (!picture) return false
  const url = `/api/v1/files/${id}/thumbnail`
  const signal = AbortSignal.timeout(SEND_TIMEOUT_MS)
  const begun = await fetch(url, {
    signal,
    method: "POST",
    headers: { "Content-Type": "application/json", ...teamHeader(team) },
    body: JSON.stringify({ size: picture.size, contentType: picture.type }),
  })
  if (!begun.ok) return true
  const { upload }: ThumbnailUpload = await begun.json()
  const sent = await fetch(upload.url, {
    signal,
    method: "PUT",
    headers: upload.headers,
    body: picture,
    credentials: "omit",
  })
  if (sent.ok) await fetch(`${url}/complete`, { signal, method: "POST", headers: teamHeader(team) })
  return true
}
