import "server-only"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db, type Tx } from "#lib/adapters/database.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { recordFile } from "#lib/rooms/audit/record-file.ts"
import type { Ticket } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import type { FileView, FinishInput } from "#lib/rooms/files/file.ts"
import { asSent } from "#lib/rooms/files/file-columns.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { isAfter } from "../list-deliveries.ts"
import {
  type DoneInput,
  FILES_PER_PAGE,
  type Receipt,
  RequestFields,
  type Sender,
} from "../request.ts"
import { admit, type RequestGuest } from "./guest.ts"
import { type Finisher, mailReceipt } from "./mail-receipt.ts"

/** Ends an upload of a guest, as `finishUpload` does for a member. */
export async function completeFile(
  guest: RequestGuest,
  id: string,
  input: FinishInput,
): Promise<FileView> {
  const file = await finishUpload(guest, id, input, (tx, { details, ...file }) =>
    recordFile(tx, {
      actorId: null,
      action: "request.receive",
      ...file,
      details: { ...details, name: plainName(details.name), ...sentBy(guest) },
    }),
  )
  metrics().received.inc()
  return file
}

/** Withdraws a file of a guest, as `deleteFile` deletes one of a member. */
export const withdrawFile = (guest: RequestGuest, fileId: string): Promise<void> =>
  deleteFile(guest, fileId, (tx, { id, name, path, size }) =>
    recordFile(tx, {
      actorId: null,
      action: "request.withdraw",
      targetId: id,
      path,
      details: { name: plainName(name), size: Number(size), ...sentBy(guest) },
    }),
  )

/** Names the sender in the audit log, whose name is in the delivery until it is erased. */
const sentBy = ({ title, deliveryId }: RequestGuest) => ({ title, deliveryId })

/** Only the details that the sender gives. */
const named = ({ name, address }: Sender) => ({
  ...(name === undefined ? {} : { name }),
  ...(address === undefined ? {} : { address }),
})

/**
 * Ends a delivery: no file is added or withdrawn from now on. Refuses (conflict) one with files
 * that are still uploading, or without any, and (invalid) a missing answer that the request
 * requires, and an answer to a question that it does not ask. A finisher who gave an address gets the
 * receipt by mail.
 */
export async function finishDelivery(
  guest: RequestGuest,
  input: DoneInput,
  by?: Finisher,
): Promise<void> {
  await db.$transaction(async (tx) => {
    await admit(tx, guest, "NO KEY UPDATE")
    const delivery = await tx.delivery.findUnique({
      where: { id: guest.deliveryId },
      select: { fileCount: true, arrivingCount: true, totalBytes: true },
    })
    if (!delivery?.fileCount) throw refusal("conflict", "delivery_empty")
    const { fileCount, arrivingCount, totalBytes } = delivery
    if (arrivingCount > 0) throw refusal("conflict", "delivery_arriving", { number: arrivingCount })
    const sent = { sentCount: fileCount, sentBytes: totalBytes }
    const [answers, doneAt] = [await answersOf(tx, guest, input), await databaseTimeIn(tx)]
    await tx.delivery.update({
      where: { id: guest.deliveryId },
      data: { ...answers, ...sent, doneAt },
      select: { id: true },
    })
    await count(tx, guest)
    await recordAudit(tx, {
      actorId: null,
      action: "request.deliver",
      targetId: guest.shareId,
      details: { files: fileCount, ...sentBy(guest) },
    })
    const mailed = { to: answers.address, files: fileCount, bytes: Number(totalBytes), doneAt }
    if (by) await mailReceipt(tx, guest, by, mailed)
  })
  metrics().deliveries.inc()
}

async function answersOf(tx: Tx, guest: RequestGuest, { sender, fields: given }: DoneInput) {
  const [request, known] = [
    await tx.request.findUniqueOrThrow({
      where: { shareId: guest.shareId },
      select: { fields: true },
    }),
    await tx.delivery.findUniqueOrThrow({
      where: { id: guest.deliveryId },
      select: { name: true, address: true },
    }),
  ]
  const asked = RequestFields.parse(request.fields)
  const { name, address } = { ...known, ...named(sender) }
  const requireText = (text: string, needed: boolean, field: string) => {
    if (needed && text === "") throw refusal("invalid", "delivery_field", {}, { field })
  }
  requireText(name, asked.name === "required", "sender.name")
  requireText(address, asked.address === "required", "sender.address")
  for (const [label, answer] of Object.entries(given))
    if (answer !== "" && !asked.own.some((own) => own.label === label))
      throw refusal("invalid", "delivery_question", { label }, { field: `fields.${label}` })
  for (const { label, required } of asked.own)
    requireText(given[label] ?? "", required, `fields.${label}`)
  const answers = asked.own.flatMap(({ label }) => (given[label] ? [[label, given[label]]] : []))
  return {
    name: asked.name === "no" ? "" : name,
    address: asked.address === "no" ? "" : address,
    fields: Object.fromEntries(answers),
  }
}

// Counts as for claims: in the share's own row if it has a limit, else in a counter, and in the row
// of a recipient's link. The transaction has locked the share, so that no limit is exceeded.
async function count(tx: Tx, { shareId, ticket }: RequestGuest) {
  await tx.$executeRaw`
    WITH limited AS (
      UPDATE share SET downloads = downloads + 1
      WHERE id = ${shareId}::uuid AND max_downloads IS NOT NULL RETURNING id
    ), recipient AS (
      UPDATE link SET downloads = downloads + 1, opened_at = coalesce(opened_at, statement_timestamp())
      WHERE id = ${ticket.linkId}::uuid AND NOT open
    )
    INSERT INTO share_counter (share_id, shard, downloads)
    SELECT ${shareId}::uuid, 0, 1 WHERE NOT EXISTS (SELECT FROM limited)
    ON CONFLICT (share_id, shard) DO UPDATE SET downloads = share_counter.downloads + 1`
}

type Known = Omit<Receipt, "startedAt" | "doneAt" | "files" | "nextCursor"> & {
  startedAt: Date
  doneAt: Date | null
  folder: string
  files: (Receipt["files"][number] & {
    id: string
    sentName: string | null
    sentPath: string | null
  })[]
}

/** The proof of a delivery: a ticket, or the id that the link in a mailed receipt signs. */
type Proof = Pick<Ticket, "id"> & Partial<Ticket>

/**
 * Returns what a sender has delivered so far, even if the request no longer opens, with a page of
 * the files, in the order in which they were sent, after one of them. Refuses (not_found) without a
 * valid proof, and once its owner erased the sender.
 */
export async function readReceipt(
  publicId: Uint8Array,
  proof: Proof | null,
  { after, limit = FILES_PER_PAGE }: { after?: string | undefined; limit?: number } = {},
): Promise<Receipt> {
  const [known] = proof
    ? await db.$queryRaw<Known[]>`
        SELECT d.id, s.title, member.name AS to, d.started_at AS "startedAt", d.done_at AS "doneAt",
          r.thanks, r.folder, coalesce(d.sent_count, d.file_count - d.arriving_count) AS "fileCount",
          coalesce(d.sent_bytes, d.total_bytes - d.arriving_bytes)::float8 AS bytes, (
            SELECT coalesce(json_agg(json_build_object('id', file.id, 'name', file.name, 'path', file.path,
              'sentName', file.sent_name, 'sentPath', file.sent_path,
              'size', file.size, 'sha256', file.sha256) ORDER BY file.created_at, file.id), '[]')
            FROM (
              SELECT * FROM file
              WHERE file.delivery_id = d.id AND file.status NOT IN ('uploading', 'abandoned')
                AND (file.deleted_at IS NULL OR file.deleted_at > d.done_at) AND ${isAfter(after)}
              ORDER BY file.created_at, file.id LIMIT ${limit + 1}
            ) AS file
          ) AS files
        FROM delivery d JOIN request r ON r.share_id = d.share_id AND r.deleted_at IS NULL
          JOIN share s ON s.id = d.share_id JOIN member ON member.id = s.owner_id
          JOIN link ON link.share_id = s.id
        WHERE d.id = ${proof.id}::uuid AND d.erased_at IS NULL AND link.public_id = ${publicId}
          AND link.id = coalesce(${proof.linkId ?? null}::uuid, link.id)`
    : []
  if (!known) throw refusal("not_found", "no_delivery")
  const { startedAt, doneAt, folder, thanks, files, ...receipt } = known
  const listed = files.slice(0, limit)
  return {
    ...receipt,
    to: plainName(receipt.to),
    startedAt: startedAt.toISOString(),
    doneAt: doneAt?.toISOString() ?? null,
    thanks: doneAt ? thanks : "",
    files: listed.map(({ id, size, sha256, ...file }) => ({
      ...asSent({ folder }, file),
      size,
      sha256,
    })),
    nextCursor: files.length > limit ? (listed.at(-1)?.id ?? null) : null,
  }
}
