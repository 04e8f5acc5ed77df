import "server-only"
import { metrics } from "#lib/metrics.ts"
import { refusal } from "#lib/sentences.ts"
import { previewOf } from "../look/preview-kind.ts"
import { type FileRow, readyFiles, type ShareRow } from "../rows.ts"

const CODES = {
  unknown: "not_found",
  revoked: "gone",
  expired: "gone",
  used_up: "gone",
  scheduled: "forbidden",
  locked: "locked",
  no_picture: "not_found",
  missing: "not_found",
  deleted: "gone",
  abandoned: "gone",
  uploading: "conflict",
  empty: "conflict",
  not_direct: "forbidden",
  view_only: "view_only",
  no_preview: "no_preview",
  needs_claim: "needs_claim",
  no_kind: "unsupported",
  machine: "forbidden",
  no_person: "forbidden",
  storage: "unavailable",
} as const

/** The refusal of a click, counted in the metrics by its reason. */
export function refused(reason: keyof typeof CODES) {
  metrics().refusals.inc({ reason })
  return refusal(CODES[reason], reason)
}

type Judged = ShareRow & { unlocked: boolean; direct: boolean; view_only: boolean }

type Wish = {
  /** The ids of the files, null for all. */
  asked: string[] | null
  directOnly?: boolean
  ticketAlone?: boolean | undefined
}

/**
 * Why a click was refused: the first reason that applies. The refusal of a locked share says
 * nothing about its files.
 */
export function whyRefused(
  share: Judged,
  rows: FileRow[],
  { asked, directOnly = false, ticketAlone = false }: Wish,
) {
  if (share.status !== "open") return refused(share.status)
  if (!share.unlocked) return refused("locked")
  if (share.view_only && !ticketAlone) return refused("view_only")
  if (directOnly && !share.direct) return refused("not_direct")
  return whyNoFile(share, rows, asked)
}

type JudgedPreview = ShareRow & { unlocked: boolean; preview: boolean; has_claim: boolean }

/** The same for a preview, whose kind of file is one that can be shown. */
export function whyNoPreview(share: JudgedPreview, rows: FileRow[], fileId: string) {
  if (share.status !== "open") return refused(share.status)
  if (!share.unlocked) return refused("locked")
  if (!share.preview) return refused("no_preview")
  if (!share.has_claim) return refused("needs_claim")
  const [file] = readyFiles(rows)
  const [asked] = rows
  if (!file && asked?.file_status === "ready" && !asked.deleted) return refused("no_picture")
  if (file && !previewOf(file.name, file.contentType)) return refused("no_kind")
  return whyNoFile(share, rows, [fileId])
}

function whyNoFile(share: ShareRow, rows: FileRow[], asked: string[] | null) {
  const files = rows.filter(({ file_id }) => file_id !== null)
  if (asked === null) {
    if (readyFiles(files).length === 0) return refused("empty")
  } else {
    if (files.length < asked.length) return refused("missing")
    if (files.some(({ file_status }) => file_status === "abandoned")) return refused("abandoned")
    if (files.some(({ deleted }) => deleted)) return refused("deleted")
    if (readyFiles(files).length < asked.length) return refused("uploading")
  }
  return refused(share.signable ? "expired" : "storage")
}
