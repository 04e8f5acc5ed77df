import "server-only"
import { db, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { evenOnFullDisk } from "#lib/adapters/watch/disk-ballast.ts"
import { type AuditDetails, recordAudit, recordParts } from "#lib/rooms/audit/record-audit.ts"
import { addToCutOff, beginAdding, finishAdding } from "#lib/rooms/cut-offs/begin-cut-off.ts"
import type { Asked, Batch, Written } from "#lib/rooms/shares/bulk/bulk-change.ts"
import { idsOf, lockedShares } from "#lib/rooms/shares/bulk/write-in-batches.ts"
import { settleExposure } from "#lib/rooms/shares/exposure.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"
import { shareDetails } from "#lib/rooms/shares/share-details.ts"
import { finishShareCutOff } from "./cut-off-share.ts"

type Revocation = { cutOff?: boolean | undefined; reason?: string | undefined }
type Selected = { id: string; wasOpen: boolean }
type Revoked = { id: string; title: string; kind: ShareKind }

/** The transaction and hooks of a revocation, which also work on a full disk. */
export const revocationCommits = {
  transaction: <Result>(work: (tx: Tx) => Promise<Result>) =>
    evenOnFullDisk(() => db.$transaction(work)),
  // Only shares that were closed now are settled. For the others no URL was minted since an earlier
  // revocation, so their exposure is unchanged. A second version of each of a million rows costs more
  // than a time that is a minute late.
  afterBatch: ({ closed }: Written, isFirst: boolean) =>
    evenOnFullDisk(() => settleExposure(closed, { onlyLater: !isFirst })),
  afterLast: async ({ id, input }: Asked<Revocation>) => {
    if (input.cutOff) await finishShareCutOff(id)
  },
}

type Work = {
  /** The shares to revoke, and the shares of which only the URLs are ended. */
  where: Sql
  revoke: (selected: Selected[]) => Promise<Revoked[]>
  details: AuditDetails
  /** Whether a cut off also gets a row if it finds no shares. */
  cutsOffNone: boolean
}

/** Revokes one batch, with its audit entries, and adds it to the cut off, if one is requested. */
export async function revokeBatch(
  tx: Tx,
  asked: Asked<Revocation>,
  { next, limit, isEnd, askedAt, where, revoke, details, cutsOffNone }: Batch & Work,
): Promise<Written> {
  const selected = await tx.$queryRaw<Selected[]>`
    SELECT locked_id::text AS id, was_open AS "wasOpen"
    FROM (${lockedShares(sql`(${where}) AND ${next}`, limit)}) AS locked`
  const revoked = selected.length > 0 ? await revoke(selected) : []
  const act = revoked.length > 0 ? await record(tx, { asked, revoked, details }) : null
  if (revoked.some(({ kind }) => kind === "request")) await addJob(tx, "endDeliveries", {})
  const ids = idsOf(selected).sort()
  if (asked.input.cutOff && (ids.length > 0 || askedAt || cutsOffNone)) {
    if (!askedAt) await beginFor(tx, asked)
    await addToCutOff(tx, asked.id, await overOf(tx, ids))
    if (isEnd && ids.length < limit) await finishAdding(tx, asked.id)
  }
  const done = new Set(idsOf(revoked))
  return {
    selected: ids,
    count: revoked.length,
    act,
    closed: selected.flatMap(({ id, wasOpen }) => (wasOpen && done.has(id) ? [id] : [])),
  }
}

const beginFor = (tx: Tx, { id, by, input }: Asked<Revocation>) =>
  beginAdding(tx, { id, requestedById: by, reason: input.reason || null })

async function overOf(tx: Tx, ids: string[]) {
  const where = { id: { in: ids }, revokedAt: { not: null } }
  return idsOf(await tx.share.findMany({ where, select: { id: true } }))
}

type Entries = { asked: Asked<Revocation>; revoked: Revoked[]; details: AuditDetails }

/** Records entries for the batch and each share; for a single share only the share's. */
async function record(tx: Tx, { asked, revoked, details }: Entries): Promise<string> {
  const { by: actorId, origin } = asked
  const act = { actorId, action: "share.revoke", origin }
  const [first] = revoked
  if (revoked.length === 1 && first) {
    const { id: targetId } = first
    return recordAudit(tx, { ...act, targetId, details: { ...shareDetails(first), ...details } })
  }
  const actId = await recordAudit(tx, { ...act, details: { shares: revoked.length, ...details } })
  const parts = revoked.map((each) => ({ targetId: each.id, details: shareDetails(each) }))
  await recordParts(tx, { ...act, actId, parts })
  return actId
}
