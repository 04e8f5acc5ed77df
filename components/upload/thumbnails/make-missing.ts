import "client-only"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { LARGEST_IMAGE_BYTES } from "./draw-thumbnail.ts"
import { pendingThumbnails } from "./pending-thumbnails.ts"
import { uploadThumbnail } from "./send-thumbnail.ts"

/** The ids of files that this browser cannot draw. */
const UNDRAWABLE = "lapse-undrawable"
const MOST_KEPT = 500

/**
 * Makes the thumbnails that are missing because a tab was closed while it drew them, one after
 * another. A failure is not shown: the next visit tries again.
 */
export async function makeMissingThumbnails() {
  const missing = await answerOf(ask("GET /files/without-thumbnail", {}))
  if (missing instanceof ApiError) return
  const undrawable = readUndrawable()
  for (const { id, contentType, size } of missing.items) {
    const isVideo = contentType.startsWith("video/")
    if (pendingThumbnails.current().has(id) || undrawable.includes(id)) continue
    if (!isVideo && size > LARGEST_IMAGE_BYTES) continue
    const source = await answerOf(ask("POST /files/{id}/thumbnail/source", { id }))
    if (source instanceof ApiError) return
    const body = isVideo ? source.url : await read(source.url)
    if (body === null) return
    if (!(await uploadThumbnail(id, contentType, body).catch(() => true))) undrawable.push(id)
  }
  keepUndrawable(undrawable)
}

const read = (url: string): Promise<Blob | null> =>
  fetch(url, { credentials: "omit" }).then(
    (answer) => (answer.ok ? answer.blob() : null),
    () => null,
  )

function readUndrawable(): string[] {
  try {
    return (localStorage.getItem(UNDRAWABLE) ?? "").split(" ").filter(Boolean)
  } catch {
    return [] // the browser keeps nothing
  }
}

function keepUndrawable(ids: string[]) {
  try {
    if (ids.length > 0) localStorage.setItem(UNDRAWABLE, ids.slice(-MOST_KEPT).join(" "))
  } catch {
    // It is tried again at the next visit.
  }
}
