import "server-only"
import { canSendMail } from "#lib/adapters/configuration.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import { type Opening, openRow, pageOf } from "#lib/rooms/claims/open/open-link.ts"
import { brandingOf } from "#lib/rooms/settings/read-branding.ts"
import { RequestFields } from "../request.ts"
import { type Proofs, unlockOf } from "./guest.ts"
import { RETURN_MINUTES, readRoom } from "./request-cap.ts"
import type { RequestPage } from "./request-page.ts"

type RequestOpening = Omit<Opening, "cookies" | "deliveryId"> & {
  visitId: Buffer | null
  proofs: Proofs
}

/**
 * Returns the content of a request's page, and counts the fetch like a link's. A locked, scheduled
 * or ended request has the page of a link, and `delivered` is for the sender of its one delivery.
 */
export async function openRequest({
  visitId,
  proofs,
  ...opening
}: RequestOpening): Promise<RequestPage | { state: "delivered" } | LinkPage> {
  const cookies = { visitId, ticket: null, unlock: unlockOf(proofs) }
  const row = await openRow({ ...opening, cookies, deliveryId: proofs.delivery?.id })
  if (!row) return { state: "unknown" }
  if (row.refusal === "used_up" && row.request?.done) return { state: "delivered" }
  if (row.refusal !== null) return pageOf(row)
  const { request } = row
  if (!request) return { state: "unknown" }
  const room = await readRoom(row.share_id, null)
  if (!room) return { state: "unknown" }
  const { mostFiles, bytes, returning } = room
  const branding = brandingOf(row.branding)
  return {
    state: "request",
    senderName: plainName(row.sender),
    title: row.title,
    message: row.message,
    expiresAt: row.expires_at,
    now: row.now,
    filesLeft: Math.max(0, mostFiles),
    bytesLeft: Math.max(0, bytes),
    returning: { bytes: returning, minutes: RETURN_MINUTES },
    maxFileBytes: request.maxFileBytes,
    types: request.types,
    fields: RequestFields.parse(request.fields),
    recipient: plainName(request.recipient ?? ""),
    mailsReceipt: canSendMail(),
    delivery: request.done === null ? "none" : request.done ? "done" : "begun",
    ...(branding ? { branding } : {}),
  }
}
