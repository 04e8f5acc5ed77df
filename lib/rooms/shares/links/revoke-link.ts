import "server-only"
import type { Prisma, Tx } from "#lib/adapters/database.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { beginCutOff } from "#lib/rooms/cut-offs/begin-cut-off.ts"
import { finishShareCutOff } from "#lib/rooms/shares/revoke/cut-off-share.ts"
import type { RevokeInput } from "#lib/rooms/shares/share.ts"
import { refuseRecipient } from "./add-links.ts"
import { type At, changeLink } from "./change-link.ts"
import type { LinkView } from "./link.ts"
import { requireLink } from "./read-links.ts"

/**
 * Ends a link at once; the share and its other links stay. Its tickets and proofs are void for
 * good. Repeating it changes nothing. With `cutOff` it also ends the URLs that the link handed out
 * before, even if it is already revoked. Works on a full disk. Refuses `not_found`.
 */
export async function revokeLink(at: At, { cutOff = false }: RevokeInput = {}): Promise<LinkView> {
  let begun: string | null = null
  const link = await changeLink(at, {
    action: "revoke_link",
    of: "any",
    opens: false,
    change: async (tx, { id, revokedAt }, { now }) => {
      begun = cutOff ? await beginLinkCutOff(tx, at, { id, revokedAt }) : null
      return revokedAt
        ? null
        : { data: { revokedAt: now, proofVersion: { increment: 1 } }, closes: true }
    },
  })
  if (begun === null) return link
  await finishShareCutOff(begun)
  return requireLink({ owner: at.actor.owner, shareId: at.shareId, kind: at.kind }, link.id)
}

/** Returns the id of a cut off of the link, which is new unless one runs since its revocation. */
async function beginLinkCutOff(
  tx: Tx,
  { actor, shareId }: At,
  { id: linkId, revokedAt }: Pick<Prisma.LinkModel, "id" | "revokedAt">,
): Promise<string> {
  if (revokedAt) {
    const where = { linkId, doneAt: null, requestedAt: { gte: revokedAt } }
    const [running] = await tx.cutOff.updateManyAndReturn({ where, data: { insists: true } })
    if (running) return running.id
  }
  const id = await beginCutOff(tx, { requestedById: actor.owner, linkId })
  await tx.cutOffShare.create({ data: { cutOffId: id, shareId } })
  const entry = { actorId: actor.owner, action: "share.cut_off_link", targetId: shareId }
  await recordAudit(tx, { ...entry, details: { link: linkId } })
  return id
}

/**
 * Opens a revoked link again at the same address. What it proved before stays void. Refuses as
 * `refuseRecipient` does, and `not_found`, also for a link whose recipient is erased.
 */
export const restoreLink = (at: At): Promise<LinkView> =>
  changeLink(at, {
    action: "restore_link",
    of: "unerased",
    opens: true,
    change: async (_, { revokedAt, ...link }, { settings }) => {
      if (revokedAt === null) return null
      refuseRecipient(settings, link)
      return { data: { revokedAt: null, exposedUntil: null }, closes: false }
    },
  })
