import "server-only"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db, type Prisma, type Tx } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import type { RequestDeletion } from "./request.ts"

/** Erases the data of these deliveries' senders, in the caller's transaction. */
export async function eraseSenders(tx: Tx, where: Prisma.DeliveryWhereInput): Promise<void> {
  const erasedAt = await databaseTimeIn(tx)
  const data = { name: "", address: "", fields: {}, network: null, erasedAt }
  await tx.delivery.updateMany({ where, data })
  await tx.file.updateMany({
    where: { delivery: where, sentName: { not: null }, status: { not: "uploading" } },
    data: { sentName: null, sentPath: null },
  })
}

/**
 * Erases a sender's name, address and answers, and ends the delivery: what its guest sends later
 * begins another. The files are kept or deleted, and running uploads end. Refuses `not_found`.
 */
export async function eraseDelivery(
  owner: MemberId,
  id: string,
  { files }: RequestDeletion,
): Promise<void> {
  const delivery = await db.delivery.findFirst({
    where: { id, request: { share: { ownerId: owner } } },
    select: { shareId: true, request: { select: { share: { select: { title: true } } } } },
  })
  if (!delivery) throw refusal("not_found", "no_delivery")
  const { shareId, request } = delivery
  if (files === "delete") await deleteSent(owner, { id, shareId })
  await db.$transaction(async (tx) => {
    await eraseSenders(tx, { id, shareId })
    await addJob(tx, "endDeliveries", {})
    const details = { title: request.share.title, files }
    await recordAudit(tx, { actorId: owner, action: "request.erase", targetId: shareId, details })
  })
}

/** Deletes the files that arrived by these deliveries and still belong to the owner, one by one. */
export async function deleteSent(owner: MemberId, delivery: { id?: string; shareId: string }) {
  const sent = await db.file.findMany({
    where: { ownerId: owner, deletedAt: null, delivery },
    select: { id: true },
  })
  for (const { id } of sent) await deleteFile(owner, id)
}
