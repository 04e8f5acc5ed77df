import "server-only"
import { Refusal } from "#lib/errors.ts"
import { metrics } from "#lib/metrics.ts"
import { previewOf } from "./preview-kind.ts"
import { type FileRow, readyFiles, type ShareRow } from "./rows.ts"

const REFUSALS = {
  unknown: ["not_found", "This link is not known."],
  revoked: ["gone", "This link has been withdrawn."],
  expired: ["gone", "This link has expired."],
  used_up: ["gone", "This link has been used up."],
  scheduled: ["forbidden", "This link is not open yet."],
  locked: ["locked", "This link asks for its password first."],
  no_picture: ["not_found", "This file has no small picture."],
  missing: ["not_found", "This link has no such file."],
  deleted: ["gone", "This file has been deleted."],
  abandoned: ["gone", "The sender gave this file up before it had arrived."],
  uploading: ["conflict", "This file is still being uploaded."],
  empty: ["conflict", "None of the files is here yet."],
  not_direct: ["forbidden", "Open the link to download."],
  view_only: ["view_only", "The files of this link can be looked at, and not downloaded."],
  no_preview: ["no_preview", "The files of this link can be downloaded, and not looked at here."],
  needs_claim: ["needs_claim", "Open the files first: this link opens a limited number of times."],
  no_kind: ["unsupported", "A file of this kind cannot be shown here."],
  machine: ["forbidden", "Files are shown to people who opened the link."],
  no_person: ["forbidden", "Only a person can ask."],
  storage: ["unavailable", "The storage cannot be reached just now. Please try again shortly."],
} as const

/** The refusal of a click, counted in the metrics by its reason. */
export function refused(reason: keyof typeof REFUSALS) {
  metrics().refusals.inc({ reason })
  const [code, message] = REFUSALS[reason]
  return new Refusal(code, message)
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
