import "client-only"
import { ask } from "#components/calls/ask.ts"
import { findShareOf } from "#components/drops/find-share-of.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

/** Files to share: named ones, or all in a folder, which the server finds by its path. */
export type FilesToShare = { fileIds: string[]; title?: string } | { folder: string }

const RECENT_MS = 10 * 60_000

/**
 * Shares files. If exactly these files were shared a moment ago, returns that share instead, so
 * that a second press makes no second link. Throws ApiError.
 */
export async function shareOnce(files: FilesToShare, now: Date): Promise<Shared> {
  const fileIds =
    "folder" in files ? (await ask("GET /files/ids", { query: files })).ids : files.fileIds
  const found = await findShareOf(fileIds)
  const isRecent = found && now.getTime() - Date.parse(found.createdAt) < RECENT_MS
  if (isRecent && found.fileCount === fileIds.length) return { share: found, isNew: false }
  return shareAgain(files)
}

type Shared = { share: ShareView; isNew: boolean }

/** Shares files, whether or not they have a link. Throws ApiError. */
export const shareAgain = async (files: FilesToShare): Promise<Shared> => ({
  share: await ask("POST /shares", { body: files }),
  isNew: true,
})
