import "server-only"
import { readInTurn } from "#lib/adapters/host/read-in-turn.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { previewOf } from "#lib/rooms/files/preview-kind.ts"
import type { Reported } from "#lib/rooms/files/upload/reported-upload.ts"
import { type BrandingFields, brandingOf } from "#lib/rooms/settings/read-branding.ts"
import { listSharedFiles } from "#lib/rooms/shares/list/list-shared-files.ts"
import {
  countFiles,
  type FileCounts,
  pauseSilent,
  type SharedFile,
} from "#lib/rooms/shares/list/shared-files.ts"
import { anyShard } from "../access/event-columns.ts"
import { arraysOf } from "../access/input-rows.ts"
import { ticketColumns, unlockColumns } from "../access/proofs.ts"
import { shareStatement } from "../access/shared-statement.ts"
import type { VisitorCookies } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"
import type { ClosedPage, FilesPart, LinkFile, LinkPage } from "./link-page.ts"
import { OPENING, openLinks } from "./open-link-statement.ts"

/** The kind of view that a fetch of the page counts as; null if it is not counted. */
export type ViewKind = "view" | "bot_view" | null

export type Opening = {
  publicId: Uint8Array
  cookies: VisitorCookies
  kind: ViewKind
  /** Required if the fetch counts. */
  source: VisitorSource | null
  /** The delivery that a guest of a request continues. */
  deliveryId?: string | undefined
  /** The client's address, by which lists of large shares are queued. */
  from?: string
}

/** The files to list. The default is all, or the first ones of a large share. */
export type Listing = {
  /** Only files whose names contain this. */
  q: string
  /** Only files after this position. */
  after: string
  /** Only files with these ids; null for any. */
  ids: readonly string[] | null
}

type FileFields = [
  ...[id: string, name: string, path: string, size: number, contentType: string],
  ...[status: SharedFile["status"], sha256: string | null, isVerified: boolean],
  ...[hasThumbnail: boolean, reported: Reported],
]

/** What a request asks for, and what it already has. */
type RequestRow = {
  maxFileBytes: number | null
  types: string[]
  fields: unknown
  /** The name of the recipient whose link it is; null if there is none or only an address. */
  recipient: string | null
  /** Null without a delivery. */
  done: boolean | null
}

export type PageRow = {
  place: number
  share_id: string
  now: Date
  /** Null if the page is open, with its files. */
  refusal: "revoked" | "expired" | "used_up" | "scheduled" | "verify" | "locked" | null
  opens: boolean
  sender: string
  title: string
  name: string
  message: string
  /** Where the code is sent, if the page asks for one. */
  address: string | null
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
  /** Null if the link is a share's, or if the request was deleted, or is neither open nor used up. */
  request: RequestRow | null
  /** Null if the page shows no files, or if there are more than it lists. */
  files: FileFields[] | null
}

const ask = shareStatement<Opening, PageRow | null>({
  ask: open,
  alone: async (opening) => (await open([opening]))[0] ?? null,
})

/**
 * Returns the content of the visitor's page. Counts the fetch if it has a kind and the page opens.
 * A visitor with a claim can still open the page when the link is used up. Simultaneous fetches
 * share a statement.
 */
export async function openLink(opening: Opening, listing?: Listing): Promise<LinkPage> {
  const row = await openRow(opening)
  return row ? pageOf(row, opening.from, listing) : { state: "unknown" }
}

/** Counts the fetch as `openLink` does. Returns null for an unknown link. */
export async function openRow(opening: Opening): Promise<PageRow | null> {
  const row = await ask(opening)
  if (row?.opens && opening.kind === "view") metrics().views.inc()
  if (row?.opens && opening.kind === "bot_view") metrics().botViews.inc()
  return row
}

async function open(openings: Opening[]): Promise<(PageRow | null)[]> {
  const asked = openings.map(({ publicId, kind, source, cookies, deliveryId }) => ({
    publicId,
    kind,
    ...(source ?? NOBODY),
    visitId: cookies.visitId,
    deliveryId: deliveryId ?? null,
    ...ticketColumns(cookies.ticket),
    ...unlockColumns(cookies.unlock),
  }))
  const rows = await openLinks<PageRow>({
    ...arraysOf(OPENING, asked),
    shard: anyShard(),
  })
  const found = new Map(rows.map((row) => [row.place, row]))
  return openings.map((_, index) => found.get(index + 1) ?? null)
}

/** Returns the content of the page for a row, and reads the files that the row does not have. */
export async function pageOf(row: PageRow, from = "", listing?: Listing): Promise<LinkPage> {
  const page = await contentOf(row, () => filesOf(row, from, listing))
  const branding = brandingOf(row.branding)
  return branding ? { ...page, branding } : page
}

async function contentOf(share: PageRow, readFiles: () => Promise<Files>): Promise<LinkPage> {
  const { now, refusal, unlocked, starts_at: startsAt } = share
  const senderName = plainName(share.sender)
  // An erased recipient's link needs no code any more, and so shows nothing that the code hid.
  const title = unlocked && share.recipient !== "" ? share.title : ""
  if (refusal === "locked" || refusal === "verify") {
    const code = share.address === null ? null : { address: masked(share.address), isSent: false }
    return { state: "locked", senderName, code, error: null, retryAt: null, now }
  }
  if (refusal === "scheduled") {
    const counts = share.files && countFiles(share.files.map(fileOf))
    return { state: "scheduled", senderName, title, startsAt: startsAt ?? now, now, counts }
  }
  const closed = { madeFor: madeFor(share), asking: NOT_ASKED }
  if (refusal !== null) {
    const ends = { revoked: share.revoked_at, expired: share.expires_at, used_up: null }
    const { revoked_by_admin: byAdmin, view_only: viewOnly } = share
    return {
      state: refusal,
      senderName,
      title,
      at: ends[refusal],
      byAdmin,
      viewOnly,
      now,
      ...closed,
    }
  }
  const { counts, part, files } = await readFiles()
  const end = {
    expiresAt: share.expires_at,
    downloadsLeft: share.downloads_left === null ? null : Math.max(0, Number(share.downloads_left)),
  }
  if (counts.ready + counts.arriving + counts.abandoned === 0) {
    const never = { at: null, byAdmin: false, viewOnly: share.view_only }
    return { state: "empty", senderName, title, ...never, now, ...closed, ...end }
  }
  return {
    state: "open",
    senderName,
    title,
    name: share.name,
    message: share.message,
    now,
    ...end,
    files: files.map((file) => toLinkFile(file, share.preview)),
    counts,
    part,
    hasTicket: share.holds || share.claimed,
    canPreview: share.preview,
    viewOnly: share.view_only,
    watermark: share.watermark,
    recipient: share.recipient,
    needsClaim: share.needs_claim,
  }
}

const NOT_ASKED = { askedAt: null, note: "", problem: null, retryAt: null }

const madeFor = ({ recipient }: PageRow): ClosedPage["madeFor"] =>
  recipient === null ? "anyone" : recipient === "" ? "erased" : "recipient"

/** An address that its owner recognises: `p…@example.org`. */
const masked = (address: string) =>
  `${address.slice(0, 1)}…${address.slice(address.lastIndexOf("@"))}`

const NOBODY = { agent: null, referrer: null, visitor: null }

type Files = { files: SharedFile[]; counts: FileCounts; part: FilesPart | null }

async function filesOf(
  { share_id: shareId, files }: PageRow,
  from: string,
  listing?: Listing,
): Promise<Files> {
  if (files && !listing) {
    const all = files.map(fileOf)
    const reports = files.map((fields) => fields[9])
    return { ...pauseSilent({ files: all, counts: countFiles(all) }, reports), part: null }
  }
  const listed = await readInTurn({ address: from }, () => listSharedFiles({ shareId, ...listing }))
  return { ...listed, part: listed }
}

function fileOf(fields: FileFields): SharedFile {
  const [id, name, path, size, contentType, status, sha256, sha256Verified, ...more] = fields
  const [hasThumbnail, reported] = more
  const isPaused = reported === "silent"
  return {
    id,
    name,
    path,
    size,
    contentType,
    status,
    isPaused,
    sha256,
    sha256Verified,
    hasThumbnail,
  }
}

/** Visitors are not told that a file is held, nor why, nor that it was not scanned. */
const toLinkFile = ({ notScanned: _, ...file }: SharedFile, canPreview: boolean): LinkFile => ({
  ...file,
  ...(file.status === "held" && { status: "checking", heldFor: null }),
  preview: canPreview ? (previewOf(file.name, file.contentType)?.kind ?? null) : null,
  hasThumbnail: file.hasThumbnail && canPreview,
})
