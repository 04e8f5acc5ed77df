import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { presignGet } from "#lib/adapters/storage.ts"
import type { Preview } from "#lib/rooms/files/preview-kind.ts"
import { TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import { refused } from "./access/refusals.ts"
import type { GrantedFile, LifetimeRow, TicketRow } from "./access/rows.ts"
import type { Ticket } from "./visitor/visitor-cookies.ts"

/** The result of a claim or a mint: URLs of these files may be signed, valid from `signedAt` on. */
export type Grant = {
  /** The database's time, floored to a second. */
  signedAt: Date
  expiresInSeconds: number
  files: GrantedFile[]
  /** True if only the ticket is granted, and no download of these files may be signed. */
  viewOnly: boolean
  /** The id of the event that records the grant; the URLs contain it. */
  eventId: string
  /** A new ticket for the visitor; null if the visitor already has one. */
  ticket: Ticket | null
}

/** Makes the ticket of a claim. It expires a fixed time after it; repeats do not extend it. */
export const ticketOf = (id: string, row: TicketRow, claimedAt: Date): Ticket => ({
  id,
  linkId: row.link_id,
  proofVersion: row.proof_version,
  epoch: row.ticket_epoch,
  expiresAt: new Date(claimedAt.getTime() + TICKET_SECONDS * 1000),
})

/**
 * Returns how long a URL is valid: at most as long as the share, the signer's credentials, and the
 * maximum lifetime that `exposedUntil` is computed from.
 */
export function lifetime(share: LifetimeRow, credentialsEnd: Date | null) {
  const signedAt = new Date(Math.floor(share.now.getTime() / 1000) * 1000)
  const secondsTo = (end: Date | null) =>
    end ? Math.floor((end.getTime() - signedAt.getTime()) / 1000) : Number.POSITIVE_INFINITY
  const expiresInSeconds = Math.min(
    share.mint_ttl_seconds ?? configuration.MINT_TTL_SECONDS,
    share.max_ttl_seconds,
    secondsTo(share.expires_at),
    secondsTo(credentialsEnd) - 5,
  )
  if (expiresInSeconds < 1) throw refused("expired")
  return { signedAt, expiresInSeconds }
}

/** Signs the URL of one file in a grant. Needs no network. */
export async function presign(grant: Grant, file: GrantedFile) {
  if (grant.viewOnly) throw new Error("a view-only share has no downloads")
  const { mints, mintSeconds } = metrics()
  mints.inc()
  const startedAt = performance.now()
  const url = await sign(grant, file, { disposition: "attachment", contentType: file.contentType })
  mintSeconds.observe((performance.now() - startedAt) / 1000)
  return url
}

export type SignedUrl = { url: string; expiresAt: Date }

/** Signs a URL that shows one file, with the safe type of its preview. */
export async function presignPreview(
  lifetime: Lifetime,
  file: GrantedFile,
  { contentType }: Pick<Preview, "contentType">,
): Promise<SignedUrl> {
  metrics().previews.inc()
  const url = await sign(lifetime, file, { disposition: "inline", contentType })
  return { url, expiresAt: expiresAt(lifetime) }
}

type Lifetime = Pick<Grant, "signedAt" | "expiresInSeconds" | "eventId">
type Shown = { disposition: "attachment" | "inline"; contentType: string }

const sign = (
  { signedAt, expiresInSeconds, eventId: claim }: Lifetime,
  { key, colour, name }: GrantedFile,
  shown: Shown,
) => presignGet({ key, colour, claim, name, ...shown, expiresInSeconds, signedAt })

export const expiresAt = ({ signedAt, expiresInSeconds }: Omit<Lifetime, "eventId">) =>
  new Date(signedAt.getTime() + expiresInSeconds * 1000)
