import "server-only"
import { Refusal } from "#lib/errors.ts"
import { metrics } from "#lib/metrics.ts"
import { type FileRow, readyFiles, type ShareRow } from "./rows.ts"

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
  no_person: ["forbidden", "Only a person can ask."],
  storage: ["unavailable", "The storage cannot be reached just now. Please try again shortly."],
} as const

/** The refusal of a click, counted in the metrics by its reason. */
export function refused(reason: keyof typeof REFUSALS) {
  metrics().refusals.inc({ reason })
  const [code, message] = REFUSALS[reason]
  return new Refusal(code, message)
}

type Judged = ShareRow & { unlocked: boolean; direct: boolean }

/**
 * Why a click was refused: the first reason that applies. The refusal of a locked share says
 * nothing about its files. `asked` are the ids of the files, null for all.
 */
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
    if (readyFiles(files).length === 0) return refused("empty")
  } else {
    if (files.length < asked.length) return refused("missing")
    if (files.some(({ file_status }) => file_status === "abandoned")) return refused("abandoned")
    if (files.some(({ deleted }) => deleted)) return refused("deleted")
    if (readyFiles(files).length < asked.length) return refused("uploading")
  }
  return refused(share.signable ? "expired" : "storage")
}
