import "client-only"
import { type AnswerOf, ask } from "#components/calls/ask.ts"
import { findShareOf } from "#components/drops/find-share-of.ts"
import type { ReceivedFile } from "#lib/rooms/requests/request.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

/**
 * Files to share: named ones, all in a folder, which the server finds by its path, or all that came
 * in for a request.
 */
export type FilesToShare =
  | { fileIds: string[]; title?: string }
  | { folder: string }
  | { requestId: string; title: string }

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

/** Names the files that came in for a request, of senders who gave the name that it requires. */
async function named(
  files: Exclude<FilesToShare, { folder: string }>,
): Promise<{ fileIds: string[]; title?: string }> {
  if ("fileIds" in files) return files
  const { requestId: id, title } = files
  const fileIds: string[] = []
  let cursor: string | null = ""
  while (cursor !== null) {
    const page: AnswerOf<"GET /requests/{id}/deliveries"> = await ask(
      "GET /requests/{id}/deliveries",
      { id, query: { limit: "200", cursor } },
    )
    const named = page.items.filter(({ waitsForName }) => !waitsForName)
    fileIds.push(...named.flatMap(({ files }) => sharedOf(files)))
    cursor = page.nextCursor
  }
  return { fileIds, title }
}

/** The ids of those files that came in which can be shared: all that are not held. */
export const sharedOf = (files: readonly ReceivedFile[]): string[] =>
  files.filter(({ status }) => status !== "held").map(({ id }) => id)
