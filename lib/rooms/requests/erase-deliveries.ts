import "server-only"
import { db, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import {
  isUnderLegalHold,
  refuseHeldShares,
  underLegalHold,
} from "#lib/rooms/files/retention/legal-hold.ts"
import { forgetSentNames } from "./end-deliveries.ts"
import type { RequestDeletion } from "./request.ts"

type Erased = {
  /** In SQL: which requests, on the row share. */
  requests: Sql
  /** By default all deliveries of the requests. */
  deliveryId?: string
}

/**
 * Erases the data of senders in the caller's transaction, with mails to them, and ends their deliveries. Locks the
 * requests first, as uploads and deliveries do that end: those end before, or are refused. The
 * caller calls `forgetSentNames` after the commit; a job also does. Refuses `legal_hold`.
 */
export async function eraseSenders(tx: Tx, { requests, deliveryId }: Erased): Promise<void> {
  await tx.$queryRaw`
    SELECT FROM share WHERE share_kind = 'request' AND ${requests} ORDER BY id FOR NO KEY UPDATE`
  await refuseHeldShares(tx, sql`share_kind = 'request' AND ${requests}`)
  await tx.$executeRaw`
    UPDATE delivery SET name = '', address = '', fields = '{}', link_id = NULL, network = NULL,
      erased_at = clock_timestamp()
    FROM share WHERE share.id = delivery.share_id AND ${requests}
      AND delivery.id = coalesce(${deliveryId ?? null}::uuid, delivery.id)`
  await tx.$executeRaw`
    DELETE FROM mail USING delivery, share
    WHERE mail.kind = 'receipt' AND mail.target_id = delivery.id AND share.id = delivery.share_id
      AND ${requests} AND delivery.id = coalesce(${deliveryId ?? null}::uuid, delivery.id)`
  await addJob(tx, "endDeliveries", {})
}

/**
 * Erases a sender's name, address and answers, and ends the delivery: what its guest sends later
 * begins another. The files are kept or deleted, and running uploads end. Refuses `not_found`, and
 * `legal_hold` before anything is changed.
 */
export async function eraseDelivery(
  owner: OwnerId,
  id: string,
  { files }: RequestDeletion,
): Promise<void> {
  const delivery = await db.delivery.findFirst({
    where: { id, request: { share: { ownerId: owner } } },
    select: { shareId: true, request: { select: { share: { select: { title: true } } } } },
  })
  if (!delivery) throw refusal("not_found", "no_delivery")
  const { shareId, request } = delivery
  if (files === "delete") await refuseHeldSent(owner, sql`delivery.id = ${id}::uuid`)
  await db.$transaction(async (tx) => {
    await eraseSenders(tx, { requests: sql`share.id = ${shareId}::uuid`, deliveryId: id })
    const details = { title: request.share.title, files, deliveryId: id }
    await recordAudit(tx, { actorId: owner, action: "request.erase", targetId: shareId, details })
  })
  await forgetSentNames(sql`delivery.id = ${id}::uuid`)
  if (files === "delete") await deleteSent(owner, { id, shareId })
}

/**
 * Refuses (legal_hold) to delete the files of deliveries if a hold covers one of them: also a hold on
 * another share that has the file.
 */
export async function refuseHeldSent(owner: OwnerId, deliveries: Sql): Promise<void> {
  const held = await db.$queryRaw<unknown[]>`
    SELECT FROM file WHERE owner_id = ${owner}::uuid AND deleted_at IS NULL
      AND status NOT IN ('uploading', 'abandoned') AND ${isUnderLegalHold}
      AND delivery_id IN (SELECT delivery.id FROM delivery WHERE ${deliveries}) LIMIT 1`
  if (held.length > 0) throw underLegalHold()
}

/** Deletes the files that arrived by these deliveries and still belong to the owner, one by one. */
export async function deleteSent(owner: OwnerId, delivery: { id?: string; shareId: string }) {
  const sent = await db.file.findMany({
    where: { ownerId: owner, deletedAt: null, delivery },
    select: { id: true },
  })
  for (const { id } of sent) await deleteFile(owner, id)
}
