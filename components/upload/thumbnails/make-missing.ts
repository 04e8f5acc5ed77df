import "client-only"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import type { AnswerOf } from "#lib/api/ask-by.ts"
import type { FileView } from "#lib/rooms/files/file.ts"
import { LARGEST_IMAGE_BYTES } from "./draw-thumbnail.ts"
import { pendingThumbnails } from "./pending-thumbnails.ts"
import { uploadThumbnail } from "./send-thumbnail.ts"

/** The ids of files that this browser cannot draw. */
const UNDRAWABLE = "lapse-undrawable"
const MOST_KEPT = 500

/** How many pictures one visit draws. */
const MOST_DRAWN = 50

let running = Promise.resolve()

/**
 * Makes the thumbnails of an owner's files that are missing because a tab was closed while it drew them, or because a
 * guest sent the file, one after another. A call while another runs waits for it and looks again.
 * A failure is not shown: the next visit tries again.
 */
export function makeMissingThumbnails(team: string | null): Promise<void> {
  const make = () => makeThem(team)
  running = running.then(make, make)
  return running
}

async function makeThem(team: string | null) {
  const undrawable = readUndrawable()
  let drawn = 0
  let cursor: string | null = ""
  while (cursor !== null && drawn < MOST_DRAWN) {
    const missing: ApiError | AnswerOf<"GET /files/without-thumbnail"> = await answerOf(
      ask("GET /files/without-thumbnail", { query: { cursor } }, { team }),
    )
    if (missing instanceof ApiError) return
    for (const file of missing.items) {
      if (pendingThumbnails.current().has(file.id) || undrawable.includes(file.id)) continue
      // A picture that ends the tab is not drawn again at the next visit.
      keepUndrawable([...undrawable, file.id])
      const isDrawn = await makeThumbnail(file, team)
      if (isDrawn === false) undrawable.push(file.id)
      else keepUndrawable(undrawable)
      if (isDrawn === null) return
      drawn += 1
      if (drawn === MOST_DRAWN) break
    }
    cursor = missing.nextCursor
  }
}

/** Draws and sends one; returns false if this browser cannot draw it, and null without a network. */
async function makeThumbnail(
  { id, contentType, size }: FileView,
  team: string | null,
): Promise<boolean | null> {
  const isVideo = contentType.startsWith("video/")
  if (!isVideo && size > LARGEST_IMAGE_BYTES) return false
  const source = await answerOf(ask("POST /files/{id}/thumbnail/source", { id }, { team }))
  if (source instanceof ApiError) return null
  const body = isVideo ? source.url : await read(source.url)
  if (body === null) return null
  return uploadThumbnail(id, contentType, { body, team }).catch(() => true)
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
    localStorage.setItem(UNDRAWABLE, ids.slice(-MOST_KEPT).join(" "))
  } catch {
    // It is tried again at the next visit.
  }
}
