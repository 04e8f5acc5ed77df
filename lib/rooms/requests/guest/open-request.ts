import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { arraysOf, inputRows } from "#lib/rooms/claims/access/input-rows.ts"
import { shareStatement } from "#lib/rooms/claims/access/shared-statement.ts"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import { type Opening, openRow, pageOf } from "#lib/rooms/claims/open/open-link.ts"
import { brandingOf } from "#lib/rooms/settings/read-branding.ts"
import { RequestFields } from "../request.ts"
import { type Proofs, unlockOf } from "./guest.ts"
import type { RequestPage } from "./request-page.ts"

const ASKED = { publicId: "bytea[]", deliveryId: "uuid[]" } as const

const readPages = statement(
  "request_pages",
  ASKED,
  `
WITH ${inputRows("a", ASKED)}
SELECT a.place::int, r.max_files, r.max_bytes, r.max_file_bytes, r.types, r.fields, held.*,
  (SELECT done_at IS NOT NULL FROM delivery
   WHERE id = a.delivery_id AND delivery.share_id = r.share_id) AS done
FROM a JOIN link ON link.public_id = a.public_id
JOIN request r ON r.share_id = link.share_id AND r.deleted_at IS NULL
CROSS JOIN LATERAL (
  SELECT count(*)::int AS files, coalesce(sum(file.size), 0)::bigint AS bytes
  FROM delivery JOIN file ON file.delivery_id = delivery.id AND file.deleted_at IS NULL
  WHERE delivery.share_id = r.share_id
) AS held`,
)

type Asked = { publicId: Uint8Array; deliveryId: string | null }

type Row = {
  place: number
  max_files: number
  max_bytes: string
  max_file_bytes: string | null
  types: string[]
  fields: unknown
  files: number
  bytes: string
  /** Null without a delivery. */
  done: boolean | null
}

/** Reads a request, null if it was deleted. Simultaneous fetches share a statement. */
const readPage = shareStatement<Asked, Row | null>({
  ask: read,
  alone: async (asked) => (await read([asked]))[0] ?? null,
})

async function read(asked: Asked[]): Promise<(Row | null)[]> {
  const rows = await readPages<Row>(arraysOf(ASKED, asked))
  const found = new Map(rows.map((row) => [row.place, row]))
  return asked.map((_, index) => found.get(index + 1) ?? null)
}

type RequestOpening = Omit<Opening, "cookies"> & { visitId: Buffer | null; proofs: Proofs }

/**
 * Returns the content of a request's page, and counts the fetch like a link's. A locked, scheduled
 * or ended request has the page of a link.
 */
export async function openRequest({
  visitId,
  proofs,
  ...opening
}: RequestOpening): Promise<RequestPage | LinkPage> {
  const cookies = { visitId, ticket: null, unlock: unlockOf(proofs) }
  const { publicId } = opening
  const [row, request] = await Promise.all([
    openRow({ ...opening, cookies }),
    readPage({ publicId, deliveryId: proofs.delivery?.id ?? null }),
  ])
  if (!row) return { state: "unknown" }
  if (row.refusal !== null) return pageOf(row)
  if (!request) return { state: "unknown" }
  const branding = brandingOf(row.branding)
  return {
    state: "request",
    senderName: plainName(row.sender),
    title: row.title,
    message: row.message,
    expiresAt: row.expires_at,
    now: row.now,
    filesLeft: Math.max(0, request.max_files - request.files),
    bytesLeft: Math.max(0, Number(request.max_bytes) - Number(request.bytes)),
    maxFileBytes: request.max_file_bytes === null ? null : Number(request.max_file_bytes),
    types: request.types,
    fields: RequestFields.parse(request.fields),
    delivery: request.done === null ? "none" : request.done ? "done" : "begun",
    ...(branding ? { branding } : {}),
  }
}
