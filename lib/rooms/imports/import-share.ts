import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db, sql, type Tx } from "#lib/adapters/database.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { nameShares } from "#lib/rooms/files/name-shares.ts"
import type { NewShare } from "#lib/rooms/imports/plan/plan.ts"
import { lockSettings } from "#lib/rooms/settings/read-settings.ts"
import { addFiles } from "#lib/rooms/shares/edit/change-files.ts"
import { FIRST_INSTANT, LAST_INSTANT } from "#lib/rooms/shares/share.ts"
import { importedMessage, importedTitle } from "./imported-text.ts"

type Importing = {
  ownerId: OwnerId
  fileIds: string[]
  /** A hash that no password matches. */
  lockedHash: string
  actId: string
}

/**
 * Makes a share with its link and its old addresses, or adds files to one that an earlier import
 * made. Returns how many of the files it contains. If there are none, it makes nothing.
 */
export async function importShare(share: NewShare, importing: Importing): Promise<number> {
  const now = await databaseTime()
  return db.$transaction(async (tx) => {
    const { ownerId, actId } = importing
    const { verifiedOnly } = await lockSettings(tx, null)
    const fileIds = await readyFiles(tx, importing)
    if (fileIds.length === 0) return 0
    const id =
      share.shareId ??
      (await makeShare(tx, share, { ...importing, revokedAt: verifiedOnly ? now : null }))
    await addFiles(tx, { shareId: id, owner: ownerId, fileIds }, share.shareId === null)
    await nameShares(tx, sql`s.id = ${id}::uuid`)
    const details = { title: importedTitle(share.source.title), files: fileIds.length }
    await recordAudit(tx, { actorId: null, action: "share.import", targetId: id, actId, details })
    return fileIds.length
  })
}

/** Returns the files that were not deleted meanwhile, in their order, and locks them. */
async function readyFiles(tx: Tx, { ownerId, fileIds }: Importing) {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM file
    WHERE id = ANY(${fileIds}::uuid[]) AND owner_id = ${ownerId}::uuid AND deleted_at IS NULL
    ORDER BY id FOR KEY SHARE`
  const found = new Set(rows.map(({ id }) => id))
  return fileIds.filter((id) => found.has(id))
}

const MAX_DOWNLOADS = 1_000_000

/** Its open link is revoked from the start where a setting allows only recipients with a code. */
async function makeShare(
  tx: Tx,
  { source, hash, links, ...share }: NewShare,
  made: Importing & { revokedAt: Date | null },
) {
  const { passwordHash, views } = source
  const id = newId()
  const publicId = newPublicId()
  const maxDownloads = source.maxViews && Math.min(source.maxViews, MAX_DOWNLOADS)
  await tx.share.create({
    data: {
      id,
      ownerId: made.ownerId,
      title: importedTitle(source.title),
      message: importedMessage(source.message),
      expiresAt: endOf(source.expiresAt),
      passwordHash: share.losesPassword ? made.lockedHash : passwordHash,
      // The apps limit how often a link is opened. Earlier openings count as downloads.
      maxDownloads,
      downloads: maxDownloads === null ? 0 : Math.min(views, maxDownloads),
      maxTtlSeconds: configuration.MINT_TTL_SECONDS,
      createdAt: within(source.createdAt),
      rolledViews: views,
      links: { create: { publicId, revokedAt: made.revokedAt } },
      counters: { create: { shard: 0, views } },
      imported: { create: { hash } },
    },
    select: { id: true },
  })
  await tx.oldLink.createMany({ data: links.map((hash) => ({ hash, publicId })) })
  return id
}

/** The database only has times between the years 2000 and 2200. A later end is dropped. */
const endOf = (end: Date | null) => (end === null || end > LAST_INSTANT ? null : within(end))
const within = (time: Date) => (time < FIRST_INSTANT ? FIRST_INSTANT : time)
