import "server-only"
import { readLinkToken } from "#lib/secrets.ts"
import { ticketSeconds } from "#lib/settings.ts"
import type { ShareStatus } from "#lib/shares/share.ts"
import { limitedClaimsOf, statusOf } from "#lib/shares/share-sql.ts"
import { statement } from "#lib/statement.ts"
import type { LinkFile, LinkPage } from "./link-page.ts"
import {
  CONDITIONS,
  TICKET,
  TICKET_HOLDS,
  ticketValues,
  UNLOCK,
  unlockHolds,
  unlockValues,
  VISIT,
  VISIT_CLAIMED,
} from "./sql-fragments.ts"
import { type CookieReader, readVisitorCookies } from "./visitor-cookies.ts"

type Opening = {
  token: string
  /** The visitor's cookies, by name. */
  cookies: CookieReader
  /** `?error=` of the address, as it came. */
  error?: string | undefined
  /** `?until=` of the address, as it came: when a slowed visitor may try again. */
  until?: string | undefined
}

const findLink = statement(
  "open_link",
  { publicId: "bytea", ...TICKET, ...UNLOCK, ...VISIT },
  `
WITH found AS (
  SELECT l.id AS link_id, ${CONDITIONS}, s.title, s.message, s.created_at, m.name AS sender,
    ${TICKET_HOLDS} AS holds, ${VISIT_CLAIMED} AS claimed,
    s.password_hash IS NULL OR ${unlockHolds()} AS unlocked
  FROM link l JOIN share s ON s.id = l.share_id JOIN member m ON m.id = s.owner_id
  WHERE l.public_id = :publicId
),
counted AS (
  SELECT found.*, ${limitedClaimsOf("found", "found.share_id")} AS total FROM found
)
SELECT statement_timestamp() AS now, ${statusOf("counted", "counted.total")} AS status, share_id, sender, title, message, created_at,
  starts_at, expires_at, revoked_at, holds, claimed, unlocked, max_downloads - total AS downloads_left
FROM counted`,
)

type Row = {
  now: Date
  status: ShareStatus
  share_id: string
  sender: string
  title: string
  message: string
  created_at: Date
  starts_at: Date | null
  expires_at: Date | null
  revoked_at: Date | null
  holds: boolean
  claimed: boolean
  unlocked: boolean
  downloads_left: string | null
}

const filesOf = statement(
  "link_files",
  { shareId: "uuid" },
  `
SELECT f.id, f.name, f.path, f.size, f.content_type AS "contentType", f.status::text AS status, f.sha256
FROM share_file sf JOIN file f ON f.id = sf.file_id
WHERE sf.share_id = :shareId AND (f.deleted_at IS NULL OR f.status = 'abandoned')
ORDER BY sf.position`,
)

/** What the visitor's page draws. Reads only; who claimed still gets in when the link is used up. */
export async function openLink({ token, cookies, error, until }: Opening): Promise<LinkPage> {
  const publicId = readLinkToken(token)
  if (!publicId) return { state: "unknown" }
  const { visitId, ticket, unlock } = readVisitorCookies(cookies)
  const [share] = await findLink<Row>({
    publicId,
    ...ticketValues(ticket),
    ...unlockValues(unlock),
    visitId,
    ticketSeconds: ticketSeconds(),
  })
  if (!share) return { state: "unknown" }
  const { now, status, sender: senderName, holds, claimed } = share
  // A ticket was only given to somebody who had the password.
  const unlocked = share.unlocked || holds
  const title = unlocked ? share.title : ""
  if (status === "revoked") return { state: status, senderName, title, at: share.revoked_at }
  if (status === "expired") return { state: status, senderName, title, at: share.expires_at }
  if (status === "used_up" && !holds && !claimed)
    return { state: status, senderName, title, at: null }
  if (share.starts_at && share.starts_at > now) {
    return { state: "scheduled", senderName, title, startsAt: share.starts_at, now }
  }
  if (!unlocked) return lockedPage(senderName, now, error, until)
  const files = await listFiles(share.share_id)
  return {
    state: "open",
    senderName,
    title,
    message: share.message,
    now,
    openedAt: share.starts_at ?? share.created_at,
    expiresAt: share.expires_at,
    files,
    totalBytes: files.reduce((sum, file) => sum + (file.status === "abandoned" ? 0 : file.size), 0),
    downloadsLeft: share.downloads_left === null ? null : Math.max(0, Number(share.downloads_left)),
    hasTicket: holds || claimed,
  }
}

function lockedPage(senderName: string, now: Date, error?: string, until?: string): LinkPage {
  const retryAt = until && !Number.isNaN(Date.parse(until)) ? new Date(until) : null
  return {
    state: "locked",
    senderName,
    error: error === "password" ? "password" : null,
    retryAt: retryAt && retryAt > now ? retryAt : null,
    now,
  }
}

type File = Omit<LinkFile, "size"> & { size: string }

async function listFiles(shareId: string): Promise<LinkFile[]> {
  const files = await filesOf<File>({ shareId })
  return files.map((file) => ({ ...file, size: Number(file.size) }))
}
