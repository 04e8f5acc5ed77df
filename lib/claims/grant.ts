import "server-only"
import { metrics } from "#lib/metrics.ts"
import { settings, ticketSeconds } from "#lib/settings.ts"
import { presignGet } from "#lib/storage.ts"
import { refused } from "./refusals.ts"
import {
  type FileRow,
  type GrantedFile,
  type LifetimeRow,
  readyFiles,
  type TicketRow,
} from "./rows.ts"
import type { Ticket } from "./visitor-cookies.ts"

/** What a claim or a mint allows: URLs of these files, valid from `signedAt` on. */
export type Grant = {
  /** The database's time, floored to a second. */
  signedAt: Date
  expiresInSeconds: number
  files: GrantedFile[]
  /** Of the event that says so; the URLs carry it. */
  eventId: string
  /** A new ticket for the visitor; null if the visitor has one. */
  ticket: Ticket | null
}

/**
 * The ticket of a claim. It expires a fixed time after the claim: a repeated click does not extend
 * it.
 */
export const ticketOf = (id: string, row: TicketRow, claimedAt: Date): Ticket => ({
  id,
  linkId: row.link_id,
  passwordVersion: row.password_version,
  epoch: row.ticket_epoch,
  expiresAt: new Date(claimedAt.getTime() + ticketSeconds() * 1000),
})

export function grant(
  share: LifetimeRow,
  files: FileRow[],
  credentialsEnd: Date | null,
): Omit<Grant, "ticket" | "eventId"> {
  return { ...lifetime(share, credentialsEnd), files: readyFiles(files) }
}

/**
 * How long a URL lives: never longer than the share, than the signer's credentials, or than the
 * largest lifetime that `exposedUntil` is computed from.
 */
export function lifetime(share: LifetimeRow, credentialsEnd: Date | null) {
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

/** Signs the URL of one file of a grant: arithmetic, without the network. */
export async function presign(grant: Grant, file: GrantedFile) {
  metrics().mints.inc()
  const { signedAt, expiresInSeconds, eventId: claim } = grant
  const { key, colour, name, contentType } = file
  return presignGet({
    key,
    colour,
    claim,
    name,
    contentType,
    disposition: "attachment",
    expiresInSeconds,
    signedAt,
  })
}

export const expiresAt = ({ signedAt, expiresInSeconds }: Grant) =>
  new Date(signedAt.getTime() + expiresInSeconds * 1000)
