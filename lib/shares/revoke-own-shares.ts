import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { recordAudit, recordParts } from "#lib/audit/record-audit.ts"
import { addToCutOff, beginCutOff } from "#lib/cut-offs/begin-cut-off.ts"
import { db, type Sql, sql, type Tx } from "#lib/db.ts"
import { evenOnFullDisk } from "#lib/disk-ballast.ts"
import { finishShareCutOff } from "./cut-off-share.ts"
import { provisionalExposure, settleExposure } from "./exposure.ts"
import type { RevokeInput } from "./share.ts"
import { inBatches, lockedShares } from "./write-in-batches.ts"

type Revoked = { id: string; title: string }

/**
 * Revokes those of the owner's shares that are not revoked yet, with an audit entry for the act and
 * one for each share; with `cutOff` it also ends the URLs that were minted before. Works on a full
 * disk. Returns the ids of the shares it revoked, to undo it.
 */
export async function revokeOwnShares(
  owner: MemberId,
  ids: string[],
  { cutOff = false }: RevokeInput = {},
): Promise<string[]> {
  const named = sql`id = ANY(${ids}::uuid[]) AND owner_id = ${owner}::uuid AND revoked_at IS NULL`
  const all: string[] = []
  await inBatches(named, async (next) => {
    const { shares, begun } = await evenOnFullDisk(() =>
      db.$transaction((tx) => revokeBatch(tx, { owner, next, cutOff })),
    )
    const revoked = shares.map(({ id }) => id)
    await evenOnFullDisk(() => settleExposure(revoked))
    if (begun) await finishShareCutOff(begun)
    all.push(...revoked)
    return shares
  })
  return all
}

type Batch = { owner: MemberId; next: Sql; cutOff: boolean }

async function revokeBatch(tx: Tx, { owner, next, cutOff }: Batch) {
  const shares = await tx.$queryRaw<Revoked[]>`
    WITH chosen AS (${lockedShares(next)})
    UPDATE share SET revoked_at = clock_timestamp(), revoked_by_id = ${owner}::uuid,
      ticket_epoch = ticket_epoch + 1, epoch_before_revoke = ticket_epoch,
      exposed_until = ${provisionalExposure}, cut_off_id = NULL
    FROM chosen WHERE id = locked_id
    RETURNING id, title`
  if (shares.length === 0) return { shares, begun: null }
  await record(tx, owner, shares)
  if (!cutOff) return { shares, begun: null }
  const begun = await beginCutOff(tx, { requestedById: owner })
  await addToCutOff(
    tx,
    begun,
    shares.map(({ id }) => id),
  )
  return { shares, begun }
}

async function record(tx: Tx, owner: MemberId, shares: Revoked[]) {
  const act = { actorId: owner, action: "share.revoke" }
  const [first] = shares
  if (shares.length === 1 && first) {
    await recordAudit(tx, { ...act, targetId: first.id, details: { title: first.title } })
    return
  }
  const actId = await recordAudit(tx, { ...act, details: { shares: shares.length } })
  const parts = shares.map(({ id, title }) => ({ targetId: id, details: { title } }))
  await recordParts(tx, { ...act, actId, parts })
}
