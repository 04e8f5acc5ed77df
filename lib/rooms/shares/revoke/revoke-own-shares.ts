import "server-only"
import { z } from "zod"
import { db, sql, type Tx } from "#lib/adapters/database.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import {
  type BulkChange,
  changeInBulk,
  continueInBulk,
} from "#lib/rooms/shares/bulk/change-in-bulk.ts"
import { idsOf } from "#lib/rooms/shares/bulk/write-in-batches.ts"
import { provisionalExposure } from "#lib/rooms/shares/exposure.ts"
import { RevokeInput, type ShareKind } from "#lib/rooms/shares/share.ts"
import { findRevokedIds } from "./find-revoked.ts"
import { notRestoredSince } from "./restored-since.ts"
import { revocationCommits, revokeBatch } from "./revoke-batch.ts"

const OwnRevocation = RevokeInput.extend({ ids: z.array(z.string()) })
type OwnRevocation = z.infer<typeof OwnRevocation>

/**
 * Revokes the owner's shares that are not revoked yet, with an audit entry for the action and one
 * for each share. With `cutOff` it also ends the URLs minted before. Works on a full disk. If the
 * process dies between two batches, a job revokes the rest. Returns the ids of the revoked shares,
 * so that it can be undone.
 */
export async function revokeOwnShares(
  owner: OwnerId,
  ids: string[],
  { cutOff = false }: RevokeInput = {},
  limit?: number,
): Promise<string[]> {
  const wanted = {
    by: owner,
    input: { ids, cutOff },
    total: (await findOpenShares(owner, ids)).length,
  }
  const { acts } = await changeInBulk(OWN_REVOCATION, wanted, { limit })
  return findRevokedIds(acts)
}

/** Returns the ids of the owner's shares that `revokeOwnShares` would revoke. */
export async function findOpenShares(owner: OwnerId, ids: string[]): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM share WHERE ${openOf(owner, { ids })} ORDER BY id`
  return rows.map(({ id }) => id)
}

/** The job that continues an interrupted revocation of an owner's shares. */
export const continueRevokeOwnShares = (id: string) => continueInBulk(OWN_REVOCATION, id)

const OWN_REVOCATION: BulkChange<OwnRevocation> = {
  kind: "revokeOwnShares",
  parse: (input) => OwnRevocation.parse(input),
  write: (tx, asked, batch) =>
    revokeBatch(tx, asked, {
      ...batch,
      where: openOf(asked.by, asked.input),
      revoke: (selected) =>
        revoke(tx, { owner: asked.by, ids: idsOf(selected), askedAt: batch.askedAt }),
      details: {},
      cutsOffNone: false,
    }),
  ...revocationCommits,
}

const openOf = (owner: string, { ids }: Pick<OwnRevocation, "ids">) =>
  sql`id = ANY(${ids}::uuid[]) AND owner_id = ${owner}::uuid AND share_kind = 'share'
    AND revoked_at IS NULL`

type Open = { owner: string; ids: string[]; askedAt: string | null }

const revoke = (tx: Tx, { owner, ids, askedAt }: Open) =>
  tx.$queryRaw<{ id: string; title: string; kind: ShareKind }[]>`
    UPDATE share SET revoked_at = clock_timestamp(), revoked_by_id = ${owner}::uuid,
      ticket_epoch = ticket_epoch + 1, epoch_before_revoke = ticket_epoch,
      exposed_until = ${provisionalExposure}, cut_off_id = NULL
    WHERE id = ANY(${ids}::uuid[]) AND ${notRestoredSince(askedAt, sql`true`)}
    RETURNING id::text, title, share_kind AS kind`
