import "client-only"
import { api } from "#components/api.ts"
import type { ShareOfFiles } from "#lib/shares/list/list-shares.ts"
import type { ShareView } from "#lib/shares/share.ts"

/** Finds the latest usable share that contains all of these files. Throws ApiError. */
export async function findShareOf(fileIds: readonly string[]): Promise<ShareView | null> {
  const found = (await listUsableShares(fileIds)).find(
    (one) => one.fileIds.length === fileIds.length,
  )
  return found ? api.shares.find(found.id) : null
}

/**
 * Lists the open and scheduled shares that contain any of these files, the latest first, each with
 * those that it contains. Throws ApiError.
 */
export async function listUsableShares(fileIds: readonly string[]): Promise<ShareOfFiles[]> {
  const { items } = await api.shares.holding([...fileIds])
  return items.filter(({ status }) => status === "open" || status === "scheduled")
}
