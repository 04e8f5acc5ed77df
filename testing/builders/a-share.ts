import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import type { ShareInput, ShareView } from "#lib/rooms/shares/share.ts"
import { aStartedFile } from "./a-file.ts"
import { aMember } from "./a-member.ts"
import { acting } from "./acting.ts"

type Wanted = Partial<ShareInput> & {
  owner?: PersonId
  /** Columns that only time, visitors or an admin change. */
  aged?: {
    createdAt?: Date
    startsAt?: Date
    expiresAt?: Date
    minted?: boolean
    downloads?: number
  }
}

/** A share of the named files, or of one file that is still being uploaded. */
export async function aShare({
  owner,
  aged,
  fileIds,
  ...input
}: Wanted = {}): Promise<ShareView & { url: string; ownerId: PersonId }> {
  const ownerId = owner ?? (await aMember())
  const files = fileIds ?? [(await aStartedFile({ owner: ownerId })).file.id]
  const share = await createShare(acting(ownerId), { ...input, fileIds: files })
  if (aged) await db.share.update({ where: { id: share.id }, data: aged })
  return { ...share, url: share.url ?? "", ownerId }
}
