import "server-only"
import { Refusal } from "#lib/errors.ts"
import { metrics } from "#lib/metrics.ts"
import { settings, ticketSeconds } from "#lib/settings.ts"
import { presignGet } from "#lib/storage.ts"
import type { Ticket } from "./visitor-cookies.ts"

/** What a claim or a mint allows: URLs of these files, from now on, for so long. */
export type Grant = {
  /** The database's time, floored to a second. */
  signedAt: Date
  expiresInSeconds: number
  files: GrantedFile[]
  /** The ticket to hand out; null when the visitor holds one. */
  ticket: Ticket | null
}

export type GrantedFile = {
  id: string
  name: string
  contentType: string
  size: number
  key: string
}

/** One file of an answer; all columns are null when no file matched. */
export type FileRow = {
  file_id: string | null
  name: string
  content_type: string
  size: string
  file_status: "uploading" | "ready" | "abandoned"
  deleted: boolean
  key: string | null
  /** The files come unsorted: a click has one. */
  position: number
}

/** What decides how long a URL lives. */
export type Lifetime = {
  now: Date
  expires_at: Date | null
  mint_ttl_seconds: number | null
  max_ttl_seconds: number
}

export type ShareRow = Lifetime & {
  status: "open" | "scheduled" | "expired" | "revoked" | "used_up"
  starts_at: Date | null
  signable: boolean
}

/** What a ticket is bound to. */
export type TicketRow = { link_id: string; password_version: number; ticket_epoch: number }

/** The ticket of a claim; it holds from the claim on, not from its last repeat. */
export const ticketOf = (id: string, row: TicketRow, claimedAt: Date): Ticket => ({
  id,
  linkId: row.link_id,
  passwordVersion: row.password_version,
  epoch: row.ticket_epoch,
  expiresAt: new Date(claimedAt.getTime() + ticketSeconds() * 1000),
})

export function grant(
  share: ShareRow,
  files: FileRow[],
  credentialsEnd: Date | null,
): Omit<Grant, "ticket"> {
  return { ...lifetime(share, credentialsEnd), files: inOrder(files).flatMap(ready) }
}

/** How long a URL may live: never past the share, the signer's credentials, or what `exposedUntil` reckons with. */
export function lifetime(share: Lifetime, credentialsEnd: Date | null) {
  const signedAt = new Date(Math.floor(share.now.getTime() / 1000) * 1000)
  const secondsTo = (end: Date | null) =>
    end ? Math.floor((end.getTime() - signedAt.getTime()) / 1000) : Number.POSITIVE_INFINITY
  const expiresInSeconds = Math.min(
    share.mint_ttl_seconds ?? settings.MINT_TTL_SECONDS,
    share.max_ttl_seconds,
    secondsTo(share.expires_at),
    secondsTo(credentialsEnd) - 5,
  )
  if (expiresInSeconds < 1) throw refused("expired")
  return { signedAt, expiresInSeconds }
}

const inOrder = (files: FileRow[]) =>
  files.length < 2 ? files : files.toSorted((a, b) => a.position - b.position)

function ready(row: FileRow): GrantedFile[] {
  const { file_id, key, name, content_type, size } = row
  if (!file_id || !key || row.deleted || row.file_status !== "ready") return []
  return [{ id: file_id, key, name, contentType: content_type, size: Number(size) }]
}

/** Signs the URL of one file of a grant. Arithmetic, no network. */
export async function presign({ signedAt, expiresInSeconds }: Grant, file: GrantedFile) {
  metrics().mints.inc()
  const { key, name, contentType } = file
  return presignGet({
    key,
    name,
    contentType,
    disposition: "attachment",
    expiresInSeconds,
    signedAt,
  })
}

export const expiresAt = ({ signedAt, expiresInSeconds }: Grant) =>
  new Date(signedAt.getTime() + expiresInSeconds * 1000)

const REFUSALS = {
  unknown: ["not_found", "This link is not known."],
  revoked: ["gone", "This link has been withdrawn."],
  expired: ["gone", "This link has expired."],
  used_up: ["gone", "This link has been used up."],
  scheduled: ["forbidden", "This link is not open yet."],
  locked: ["locked", "This link asks for its password first."],
  missing: ["not_found", "This link has no such file."],
  deleted: ["gone", "This file has been deleted."],
  abandoned: ["gone", "The sender gave this file up before it had arrived."],
  uploading: ["conflict", "This file is still being uploaded."],
  empty: ["conflict", "None of the files is here yet."],
  not_direct: ["forbidden", "Open the link to download."],
  storage: ["unavailable", "The storage cannot be reached just now. Please try again shortly."],
} as const

/** A refused click, counted by its reason. */
export function refused(reason: keyof typeof REFUSALS) {
  metrics().refusals.inc({ reason })
  const [code, message] = REFUSALS[reason]
  return new Refusal(code, message)
}

type Judged = ShareRow & { unlocked: boolean; direct: boolean }

/** Why a click was refused, in the order a visitor should hear it. A locked share tells nothing of its files. */
export function whyRefused(
  share: Judged,
  rows: FileRow[],
  asked: string[] | null,
  directOnly: boolean,
) {
  if (share.status !== "open") return refused(share.status)
  if (!share.unlocked) return refused("locked")
  if (directOnly && !share.direct) return refused("not_direct")
  const files = rows.filter(({ file_id }) => file_id !== null)
  if (asked === null) {
    if (files.flatMap(ready).length === 0) return refused("empty")
  } else {
    if (files.length < asked.length) return refused("missing")
    if (files.some(({ file_status }) => file_status === "abandoned")) return refused("abandoned")
    if (files.some(({ deleted }) => deleted)) return refused("deleted")
    if (files.flatMap(ready).length < asked.length) return refused("uploading")
  }
  return refused(share.signable ? "expired" : "storage")
}
