import "client-only"
import { ask } from "#components/calls/ask.ts"
import { findShareOf } from "#components/drops/find-share-of.ts"
import { listAllDeliveries, withAllFiles } from "#components/requests/list-deliveries.ts"
import type { DeliveryView, ReceivedFile } from "#lib/rooms/requests/request.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

/**
 * Files to share: named ones, all in a folder, which the server finds by its path, or all that came
 * in for a request or by one of its deliveries.
 */
export type FilesToShare =
  | { fileIds: string[]; title?: string }
  | { folder: string }
  | FilesOfRequest

export type FilesOfRequest = { requestId: string; delivery?: DeliveryView; title: string }

const RECENT_MS = 10 * 60_000

/**
 * Shares files. If exactly these files were shared a moment ago, returns that share instead, so
 * that a second press makes no second link. Throws ApiError.
 */
export async function shareOnce(files: FilesToShare, now: Date): Promise<Shared> {
  const fileIds =
    "folder" in files
      ? (await ask("GET /files/ids", { query: files })).ids
      : (await named(files)).fileIds
  const found = await findShareOf(fileIds)
  const isRecent = found && now.getTime() - Date.parse(found.createdAt) < RECENT_MS
  if (isRecent && found.fileCount === fileIds.length) return { share: found, isNew: false }
  return shareAgain(files)
}

type Shared = { share: ShareView; isNew: boolean }

/** Shares files, whether or not they have a link. Throws ApiError. */
export const shareAgain = async (files: FilesToShare): Promise<Shared> => ({
  share: await ask("POST /shares", { body: "requestId" in files ? await named(files) : files }),
  isNew: true,
})

/**
 * Names the files that came in by one delivery, or for a request, of senders who gave the name that
 * it requires.
 */
async function named(
  files: Exclude<FilesToShare, { folder: string }>,
): Promise<{ fileIds: string[]; title?: string }> {
  if ("fileIds" in files) return files
  const { requestId, delivery, title } = files
  const deliveries = delivery
    ? [await withAllFiles(requestId, delivery)]
    : (await listAllDeliveries(requestId)).filter(({ waitsForName }) => !waitsForName)
  return { fileIds: deliveries.flatMap((each) => sharedOf(each.files)), title }
}

/** The ids of those files that came in which can be shared: all that are not held. */
export const sharedOf = (files: readonly ReceivedFile[]): string[] =>
  files.filter(({ status }) => status !== "held").map(({ id }) => id)
