import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { statement } from "#lib/adapters/database/statement.ts"
import { rawSql, sql, type Tx } from "#lib/adapters/database.ts"
import { addressPrefix, countedNetwork } from "#lib/adapters/http/address-prefix.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { checkAttempt, keyOf } from "#lib/adapters/throttle/attempt-limits.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { arraysOf } from "#lib/rooms/claims/access/input-rows.ts"
import { judgeRows } from "#lib/rooms/claims/access/judge-rows.ts"
import { proofVersionOf, UNLOCK, unlockColumns } from "#lib/rooms/claims/access/proofs.ts"
import { type Reason, refused } from "#lib/rooms/claims/access/refusals.ts"
import type { Ticket, Unlock } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { DELIVERY_SECONDS } from "#lib/rooms/files/upload/delivery-seconds.ts"
import type { Guest } from "#lib/rooms/files/upload/uploader.ts"
import type { ShareStatus } from "#lib/rooms/shares/share.ts"
import { statusOf } from "#lib/rooms/shares/share-sql.ts"
import type { Sender } from "../request.ts"
import { refusalIn, roomOf } from "./request-cap.ts"

/** The proofs that a guest sends. */
export type Proofs = { unlock: Unlock | null; delivery: Ticket | null }

/** A guest of an open request, and the ticket of the delivery. */
export type RequestGuest = Guest & { shareId: string; title: string; ticket: Ticket }

const ASKED = { publicId: "bytea[]", deliveryId: "uuid[]", ...UNLOCK } as const

const findRequest = statement(
  "guest_of_request",
  ASKED,
  `
WITH ${judgeRows({
    asked: ASKED,
    takes: "page",
    proofs: ["unlock"],
    files: "none",
    more: {
      columns: `s.owner_id, s.title, r.folder, r.max_file_bytes, r.types, EXISTS (
        SELECT FROM delivery WHERE delivery.id = a.delivery_id AND erased_at IS NOT NULL) AS erased`,
      joins: `CROSS JOIN LATERAL (SELECT * FROM request
        WHERE request.share_id = s.id AND request.deleted_at IS NULL OFFSET 0) AS r`,
    },
  })}
SELECT share_id, link_id, owner_id, refusal, ${proofVersionOf("judged")} AS proof_version, ticket_epoch, title, folder,
  max_file_bytes, types, erased, statement_timestamp() AS now
FROM judged`,
)

type Row = {
  share_id: string
  link_id: string
  owner_id: OwnerId
  refusal: Reason | null
  proof_version: number
  ticket_epoch: number
  title: string
  folder: string
  max_file_bytes: string | null
  types: string[]
  /** Whether the owner erased the sender of the delivery. */
  erased: boolean
  now: Date
}

/**
 * A delivery's ticket also proves password and code, as long as those are unchanged: a code that was
 * entered since is newer.
 */
export const unlockOf = ({ unlock, delivery }: Proofs): Unlock | null =>
  unlock && !(unlock.isCode && delivery && delivery.proofVersion >= unlock.proofVersion)
    ? unlock
    : delivery

/**
 * Returns the guest who continues a delivery. Refuses as the access rule does, and (not_found) a
 * guest without a valid ticket, or whose sender's data the owner erased.
 */
export async function requireGuest(publicId: Uint8Array, proofs: Proofs): Promise<RequestGuest> {
  const row = await openRequestFor(publicId, proofs)
  if (!holds(row, proofs.delivery)) throw refusal("not_found", "no_delivery")
  return guestOf(row, proofs.delivery)
}

/**
 * Returns the guest who continues a delivery or begins one. An upload that is started names the
 * sender, if one is given. Refuses as the access rule does, and (too_many) a client that begins too
 * many or starts too many uploads.
 */
export async function beginGuest(
  publicId: Uint8Array,
  proofs: Proofs,
  { address, sender = {} }: { address: string; sender?: Sender | undefined },
): Promise<RequestGuest> {
  const row = await openRequestFor(publicId, proofs)
  await checkAttempt({ purpose: "delivery_files", subject: row.share_id, address })
  const start = { ...sender, network: networkOf(address) }
  if (holds(row, proofs.delivery)) return guestOf(row, proofs.delivery, start)
  await checkAttempt({ purpose: "delivery", subject: row.share_id, address })
  const ticket = {
    id: newId(),
    linkId: row.link_id,
    proofVersion: row.proof_version,
    epoch: row.ticket_epoch,
    expiresAt: new Date(row.now.getTime() + DELIVERY_SECONDS * 1000),
  }
  return guestOf(row, ticket, start)
}

/** Returns a keyed hash of the network, by which scans take turns; null without a scanner. */
const networkOf = (address: string) =>
  configuration.CLAMD_ADDRESS === undefined
    ? null
    : keyOf(countedNetwork(address) ?? addressPrefix(address))

async function openRequestFor(publicId: Uint8Array, proofs: Proofs): Promise<Row> {
  const deliveryId = proofs.delivery?.id ?? null
  const asked = [{ publicId, deliveryId, ...unlockColumns(unlockOf(proofs)) }]
  const [row] = await findRequest<Row>(arraysOf(ASKED, asked))
  if (!row) throw refused("unknown")
  if (row.refusal) throw refusedGuest(row.refusal)
  return row
}

const holds = (row: Row, ticket: Ticket | null): ticket is Ticket =>
  ticket !== null &&
  ticket.linkId === row.link_id &&
  ticket.proofVersion === row.proof_version &&
  ticket.epoch === row.ticket_epoch &&
  ticket.expiresAt > row.now &&
  !row.erased

const refusedGuest = (reason: Reason) =>
  reason === "used_up" ? refusal("gone", "request_used_up") : refused(reason)

type Start = Sender & { network?: string | null }

function guestOf(row: Row, ticket: Ticket, start: Start = {}): RequestGuest {
  const { name, address, network = null } = start
  const { share_id: shareId, owner_id: owner, folder, title, types } = row
  const { id: deliveryId } = ticket
  return {
    owner,
    deliveryId,
    shareId,
    title,
    ticket,
    folder,
    maxFileBytes: Number(row.max_file_bytes ?? Number.MAX_SAFE_INTEGER),
    types,
    room: roomOf(shareId, deliveryId),
    begin: sql`begun AS (
      INSERT INTO delivery (id, share_id, link_id, network, name, address)
      SELECT ${deliveryId}::uuid, ${shareId}::uuid, ${ticket.linkId}::uuid, ${network},
        ${name ?? ""}, ${address ?? ""}
      WHERE EXISTS (SELECT FROM fitting)
      ON CONFLICT (id) DO UPDATE SET network = coalesce(delivery.network, excluded.network),
        name = coalesce(${name ?? null}, delivery.name),
        address = coalesce(${address ?? null}, delivery.address)
      WHERE delivery.erased_at IS NULL
    )`,
    admit: (tx) => admit(tx, { shareId, ticket }, "SHARE"),
    full: () => refusalIn(shareId, deliveryId),
  }
}

type Admission = Pick<RequestGuest, "shareId" | "ticket">
type Locked = { status: ShareStatus; ownerId: OwnerId; holds: boolean; passwordVersion: number }

/**
 * Judges the guest by the request's locked row, so that a revocation comes either before or after
 * the transaction. Returns the owner. Refuses like the access rule, (conflict) a delivery that is
 * done, and (not_found) one whose sender was erased.
 */
export async function admit(
  tx: Tx,
  { shareId, ticket }: Admission,
  lock: "SHARE" | "NO KEY UPDATE",
): Promise<OwnerId> {
  const [locked] = await tx.$queryRaw<Locked[]>`
    SELECT ${rawSql(statusOf("s"))} AS status, s.owner_id AS "ownerId",
      s.ticket_epoch = ${ticket.epoch} AS holds, s.password_version AS "passwordVersion"
    FROM share s WHERE s.id = ${shareId}::uuid
    FOR ${rawSql(lock)}`
  if (!locked) throw refused("unknown")
  if (locked.status !== "open") throw refusedGuest(locked.status)
  // Separate statements, so that they see what was committed while the first one waited.
  const link = await tx.link.findUnique({
    where: { id: ticket.linkId, shareId },
    select: { revokedAt: true, proofVersion: true, maxDownloads: true, downloads: true },
  })
  if (link?.revokedAt) throw refusedGuest("revoked")
  if (link && link.maxDownloads !== null && link.downloads >= link.maxDownloads)
    throw refusedGuest("used_up")
  const version = locked.passwordVersion + (link?.proofVersion ?? 0)
  if (!(link && locked.holds && version === ticket.proofVersion)) throw refused("locked")
  const delivery = await tx.delivery.findUnique({
    where: { id: ticket.id },
    select: { doneAt: true, erasedAt: true },
  })
  if (delivery?.erasedAt) throw refusal("not_found", "no_delivery")
  if (delivery?.doneAt) throw refusal("conflict", "delivery_done")
  return locked.ownerId
}
