import "client-only"
import { ask } from "#components/calls/ask.ts"
import type { ShareOfFiles } from "#lib/rooms/shares/list/list-shares.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

/** Finds the latest usable share that contains all of these files. Throws ApiError. */
export async function findShareOf(fileIds: readonly string[]): Promise<ShareView | null> {
  const found = (await listUsableShares(fileIds)).find(
    (one) => one.fileIds.length === fileIds.length,
  )
  return found ? ask("GET /shares/{id}", { id: found.id }) : null
}

/** Lists the latest open and scheduled shares with any of these files. Throws ApiError. */
export async function listUsableShares(fileIds: readonly string[]): Promise<ShareOfFiles[]> {
  return (await ask("POST /shares/holding", { body: { fileIds: [...fileIds], usable: true } }))
    .items
}
