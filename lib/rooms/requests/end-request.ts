import "server-only"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db, sql } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Actor, OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { refuseHeldShares } from "#lib/rooms/files/retention/legal-hold.ts"
import { replaceLink } from "#lib/rooms/shares/edit/new-link.ts"
import { eraseRecipientsOf } from "#lib/rooms/shares/links/erase-recipients.ts"
import { restoreShares } from "#lib/rooms/shares/revoke/restore-share.ts"
import { closeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { forgetSentNames } from "./end-deliveries.ts"
import { deleteSent, eraseSenders, refuseHeldSent } from "./erase-deliveries.ts"
import { requireRequest } from "./read-requests.ts"
import type { RequestDeletion, RequestView } from "./request.ts"
import { setSlug } from "./request-slug.ts"

/**
 * Ends a request at once. Files that have arrived stay; running uploads are refused from now on,
 * and a job removes their bytes. Repeating it changes nothing. Refuses `not_found`.
 */
export async function revokeRequest(owner: OwnerId, id: string): Promise<RequestView> {
  await requireRequest(owner, id)
  await closeShare(owner, id, { kind: "request", cutOff: false })
  return requireRequest(owner, id)
}

/**
 * Undoes an owner's revocation. Refuses `not_found`, `forbidden` if an admin revoked the request,
 * and what the settings would not allow for a new one: `not_allowed`, or `invalid` for its end.
 */
export async function restoreRequest(actor: Actor, id: string): Promise<RequestView> {
  await requireRequest(actor.owner, id)
  await restoreShares(actor, [id], "request")
  const request = await requireRequest(actor.owner, id)
  if (request.revokedBy?.admin) throw refusal("forbidden", "admin_revoked")
  return request
}

/**
 * Gives a request a new link; the old one ends, and with it the deliveries that are not done. The
 * chosen address ends too, unless it is kept. Refuses `not_found`.
 */
export async function newRequestLink(
  actor: Actor,
  id: string,
  { keepSlug }: { keepSlug: boolean },
): Promise<RequestView> {
  await requireRequest(actor.owner, id)
  await replaceLink(actor, id, "request", async (tx) => {
    if (!keepSlug) await setSlug(tx, id, null)
  })
  return requireRequest(actor.owner, id)
}

/**
 * Deletes a request: revokes it, and erases the data of its recipients and senders. The files that
 * arrived are kept or deleted. The row stays for events and the audit log. Refuses `not_found`, and
 * `legal_hold` before anything is changed.
 */
export async function deleteRequest(
  owner: OwnerId,
  id: string,
  { files }: RequestDeletion,
): Promise<void> {
  await requireRequest(owner, id)
  await refuseHeldShares(db, sql`share.id = ${id}::uuid`)
  if (files === "delete") await refuseHeldSent(owner, sql`delivery.share_id = ${id}::uuid`)
  const { title } = await revokeRequest(owner, id)
  if (files === "delete") await deleteSent(owner, { shareId: id })
  await db.$transaction(async (tx) => {
    await eraseSenders(tx, { requests: sql`share.id = ${id}::uuid` })
    await eraseRecipientsOf(tx, id)
    const { count } = await tx.request.updateMany({
      where: { shareId: id, deletedAt: null, share: { ownerId: owner } },
      data: { deletedAt: await databaseTimeIn(tx) },
    })
    if (count === 0) return
    await setSlug(tx, id, null)
    const details = { title, files }
    await recordAudit(tx, { actorId: owner, action: "request.delete", targetId: id, details })
  })
  await forgetSentNames(sql`delivery.share_id = ${id}::uuid`)
}
