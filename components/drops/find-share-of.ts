import "client-only"
import { ask } from "#components/calls/ask.ts"
import { shownTeam } from "#components/nav/owner.ts"
import type { ShareOfFiles } from "#lib/rooms/shares/list/list-shares.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

/** Finds the owner's latest usable share that contains all of these files. Throws ApiError. */
export async function findShareOf(
  fileIds: readonly string[],
  team = shownTeam(),
): Promise<ShareView | null> {
  const found = (await listUsableShares(fileIds, team)).find(
    (one) => one.fileIds.length === fileIds.length,
  )
  return found ? ask("GET /shares/{id}", { id: found.id }, { team }) : null
}

/** Lists the latest open and scheduled shares with any of these files. Throws ApiError. */
export async function listUsableShares(
  fileIds: readonly string[],
  team: string | null,
): Promise<ShareOfFiles[]> {
  const body = { fileIds: [...fileIds], usable: true }
  return (await ask("POST /shares/holding", { body }, { team })).items
}
