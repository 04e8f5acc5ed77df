import "server-only"
import { metrics } from "#lib/metrics.ts"
import { nudge } from "#lib/nudge.ts"
import { plainName } from "#lib/plain-text.ts"
import { type BrandingFields, brandingOf } from "#lib/policies/read-branding.ts"
import { ticketSeconds } from "#lib/settings.ts"
import type { ShareStatus } from "#lib/shares/share.ts"
import type { LinkFile, LinkPage } from "./link-page.ts"
import { openLinks } from "./open-link-statement.ts"
import { previewOf } from "./preview-kind.ts"
import { shareStatement } from "./shared-statement.ts"
import { anyShard, ticketArrays, unlockArrays } from "./sql-fragments.ts"
import type { VisitorCookies } from "./visitor-cookies.ts"
import type { VisitorSource } from "./visitor-source.ts"

/** What a fetch of the page counts as; null: as nothing. */
export type ViewKind = "view" | "bot_view" | null

type Opening = {
  publicId: Uint8Array
  cookies: VisitorCookies
  kind: ViewKind
  /** Needed where the fetch counts. */
  source: VisitorSource | null
}

type FileFields = [
  string,
  string,
  string,
  number,
  string,
  LinkFile["status"],
  string | null,
  boolean,
  boolean,
]

type Row = {
  place: number
  share_id: string
  now: Date
  status: ShareStatus
  opens: boolean
  sender: string
  title: string
  message: string
  created_at: Date
  starts_at: Date | null
  expires_at: Date | null
  revoked_at: Date | null
  revoked_by_admin: boolean
  holds: boolean
  claimed: boolean
  unlocked: boolean
  downloads_left: string | null
  preview: boolean
  view_only: boolean
  watermark: boolean
  recipient: string | null
  needs_claim: boolean
  branding: BrandingFields
  files: FileFields[] | null
}

const ask = shareStatement<Opening, Row | null>({
  ask: open,
  alone: async (opening) => (await open([opening]))[0] ?? null,
})

/**
 * What the visitor's page draws, counting the fetch if it is one to count and the page opens. A
 * visitor with a claim still gets in when the link is used up. Fetches of the same moment share a
 * statement.
 */
export async function openLink(opening: Opening): Promise<LinkPage> {
  const row = await ask(opening)
  if (!row) return { state: "unknown" }
  if (row.opens && opening.kind) nudge([row.share_id])
  if (row.opens && opening.kind === "view") metrics().views.inc()
  if (row.opens && opening.kind === "bot_view") metrics().botViews.inc()
  const branding = brandingOf(row.branding)
  return branding ? { ...pageOf(row), branding } : pageOf(row)
}

/** A row for each opening; null where no link is known. */
async function open(openings: Opening[]): Promise<(Row | null)[]> {
  const rows = await openLinks<Row>({
    publicIds: openings.map(({ publicId }) => publicId),
    kinds: openings.map(({ kind }) => kind),
    agents: openings.map(({ source }) => source?.agent ?? null),
    referrers: openings.map(({ source }) => source?.referrer ?? null),
    visitors: openings.map(({ source }) => source?.visitor ?? null),
    visitIds: openings.map(({ cookies }) => cookies.visitId),
    ...ticketArrays(openings.map(({ cookies }) => cookies.ticket)),
    ...unlockArrays(openings.map(({ cookies }) => cookies.unlock)),
    ticketSeconds: ticketSeconds(),
    shard: anyShard(),
  })
  const found = new Map(rows.map((row) => [row.place, row]))
  return openings.map((_, index) => found.get(index + 1) ?? null)
}

function pageOf(share: Row): LinkPage {
  const { now, status, unlocked } = share
  const senderName = plainName(share.sender)
  const title = unlocked ? share.title : ""
  if (!share.opens) {
    const ends = { revoked: share.revoked_at, expired: share.expires_at, used_up: null }
    const state = status === "revoked" || status === "expired" ? status : "used_up"
    const asking = { askedAt: null, note: "", problem: null, retryAt: null }
    const { revoked_by_admin: byAdmin } = share
    return { state, senderName, title, at: ends[state], byAdmin, now, asking }
  }
  if (share.starts_at && share.starts_at > now) {
    return { state: "scheduled", senderName, title, startsAt: share.starts_at, now }
  }
  if (!unlocked) return { state: "locked", senderName, error: null, retryAt: null, now }
  const files = (share.files ?? []).map((file) => fileOf(file, share.preview))
  return {
    state: "open",
    senderName,
    title,
    message: share.message,
    now,
    expiresAt: share.expires_at,
    files,
    totalBytes: files.reduce((sum, file) => sum + (file.status === "abandoned" ? 0 : file.size), 0),
    downloadsLeft: share.downloads_left === null ? null : Math.max(0, Number(share.downloads_left)),
    hasTicket: share.holds || share.claimed,
    canPreview: share.preview,
    viewOnly: share.view_only,
    watermark: share.watermark,
    recipient: share.recipient,
    needsClaim: share.needs_claim,
  }
}

function fileOf(fields: FileFields, canPreview: boolean): LinkFile {
  const [id, name, path, size, contentType, status, sha256, sha256Verified, thumbnail] = fields
  const preview = canPreview ? (previewOf(name, contentType)?.kind ?? null) : null
  const hasThumbnail = thumbnail && canPreview
  return {
    ...{ id, name, path, size, contentType, status, sha256, sha256Verified },
    ...{ preview, hasThumbnail },
  }
}
