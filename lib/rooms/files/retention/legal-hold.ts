import "server-only"
import { type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"

/** In SQL: the shares that have or had the row `file`, and the request that it came by. */
const sharesOfFile = sql`
  SELECT share_file.share_id FROM share_file WHERE share_file.file_id = file.id
  UNION ALL SELECT delivery.share_id FROM delivery WHERE delivery.id = file.delivery_id`

/** In SQL: whether a legal hold on its owner, a share or its request covers the row `file`. */
export const isUnderLegalHold = sql`(
  EXISTS (SELECT FROM member WHERE member.id = file.owner_id AND legal_hold_at IS NOT NULL)
  OR EXISTS (
    SELECT FROM (${sharesOfFile} OFFSET 0) AS its JOIN share ON share.id = its.share_id
    WHERE share.legal_hold_at IS NOT NULL))`

export const underLegalHold = () => refusal("legal_hold", "legal_hold")

/**
 * Refuses (legal_hold) to go on with the deletion of files if one is under a legal hold. It locks
 * what a hold is put on, so that a hold is either before the deletion or after its commit.
 */
export async function refuseUnderLegalHold(tx: Tx, ids: string[]): Promise<void> {
  const shares = await tx.$queryRaw<Held[]>`
    SELECT share.legal_hold_at IS NOT NULL AS held FROM share
    WHERE share.id IN (SELECT held.share_id FROM file, LATERAL (${sharesOfFile}) AS held
      WHERE file.id = ANY(${ids}::uuid[]))
    ORDER BY share.id FOR KEY SHARE`
  const owners = await tx.$queryRaw<Held[]>`
    SELECT legal_hold_at IS NOT NULL AS held FROM member
    WHERE id IN (SELECT owner_id FROM file WHERE file.id = ANY(${ids}::uuid[]))
    ORDER BY id FOR KEY SHARE`
  if ([...shares, ...owners].some(({ held }) => held)) throw underLegalHold()
}

type Held = { held: boolean }

/** Refuses (legal_hold) a change to a member that would take what a hold keeps out of its reach. */
export async function refuseHeldMember(tx: Pick<Tx, "member">, id: string): Promise<void> {
  const held = await tx.member.count({ where: { id, legalHoldAt: { not: null } } })
  if (held > 0) throw underLegalHold()
}

/** In SQL: whether a legal hold covers the row `share`: one on itself or on its owner. */
export const isHeldShare = sql`(share.legal_hold_at IS NOT NULL OR EXISTS (
  SELECT FROM member WHERE member.id = share.owner_id AND legal_hold_at IS NOT NULL))`

/** Refuses (legal_hold) an erasure in the shares that `which` selects, a condition on share. */
export async function refuseHeldShares(tx: Pick<Tx, "$queryRaw">, which: Sql): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT FROM share WHERE ${isHeldShare} AND ${which} LIMIT 1`
  if (held.length > 0) throw underLegalHold()
}
