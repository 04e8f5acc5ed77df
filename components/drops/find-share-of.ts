import "client-only"
import { api } from "#components/api.ts"
import type { ShareOfFiles } from "#lib/rooms/shares/list/list-shares.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

/** Finds the latest usable share that contains all of these files. Throws ApiError. */
export async function findShareOf(fileIds: readonly string[]): Promise<ShareView | null> {
  const found = (await listUsableShares(fileIds)).find(
    (one) => one.fileIds.length === fileIds.length,
  )
  return found ? api.shares.find(found.id) : null
}

/** Lists the latest open and scheduled shares with any of these files. Throws ApiError. */
export async function listUsableShares(fileIds: readonly string[]): Promise<ShareOfFiles[]> {
  return (await api.shares.holding({ fileIds: [...fileIds], usable: true })).items
}
