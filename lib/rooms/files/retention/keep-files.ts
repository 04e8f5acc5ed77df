import "server-only"
import { z } from "zod"
import { timeText } from "#lib/adapters/database/time-text.ts"
import { db, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal, sentence } from "#lib/adapters/text/sentences.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { FileName, FileView, FolderPath, KnownFolder } from "#lib/rooms/files/file.ts"
import { type FileRow, fileColumns, toFileView } from "#lib/rooms/files/file-columns.ts"
import { inFolder } from "#lib/rooms/files/files-in-folder.ts"
import { fileIdOrRefuse, noSuchFile } from "#lib/rooms/files/require-file.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import { deletesAt, NEVER } from "./deletes-at.ts"
import { isUnderLegalHold } from "./legal-hold.ts"

/** For how many days a file is kept from now on, or for good; null leaves it to the rule. */
export const Keep = z.union([
  z.literal("forever"),
  z
    .int(sentence("input_days"))
    .min(1, sentence("input_one_day"))
    .max(3_650, sentence("input_ten_years")),
  z.null(),
])
export type Keep = z.infer<typeof Keep>

/** A new name, a new folder, for how long it is kept, or several of these. */
export const FileEdit = z
  .strictObject({ name: FileName, path: FolderPath, keep: Keep })
  .partial()
  .refine((edit) => Object.values(edit).some((value) => value !== undefined), {
    message: sentence("input_file_name"),
    path: ["name"],
  })
export type FileEdit = z.infer<typeof FileEdit>

/** The files that a folder holds now. */
export const FilesToKeep = z.strictObject({ folder: KnownFolder, keep: Keep })

/** A file with what becomes of it. */
export const OwnFile = FileView.extend({
  /** When it is deleted; null for never. */
  deletesAt: z.iso.datetime().nullable(),
  /** Until when its owner keeps it, whatever the rule says. */
  kept: z.union([z.literal("forever"), z.iso.datetime()]).nullable(),
  legalHold: z.boolean(),
})
export type OwnFile = z.infer<typeof OwnFile>

export type FateRow = Pick<OwnFile, "deletesAt" | "kept" | "legalHold">

/** The further columns of an OwnFile, for a table or row called file. */
export const fateColumns = sql`(SELECT ${rawSql(timeText("lapse.at"))} FROM (SELECT ${deletesAt()} AS at) AS lapse) AS "deletesAt",
  CASE WHEN file.kept_until = ${NEVER} THEN 'forever' ELSE ${rawSql(timeText("file.kept_until"))} END AS kept,
  ${isUnderLegalHold} AS "legalHold"`

export const toOwnFile = (row: FileRow & FateRow): OwnFile => ({
  ...toFileView(row),
  deletesAt: row.deletesAt,
  kept: row.kept,
  legalHold: row.legalHold,
})

/** Returns a file with what becomes of it. Refuses `not_found`, also for another owner's. */
export async function requireOwnFile(owner: OwnerId, id: string): Promise<OwnFile> {
  const [row] = await db.$queryRaw<(FileRow & FateRow)[]>`
    SELECT ${fileColumns}, ${fateColumns} FROM file
    WHERE file.id = ${fileIdOrRefuse(id)}::uuid AND owner_id = ${owner}::uuid AND deleted_at IS NULL`
  if (!row) throw noSuchFile()
  return toOwnFile(row)
}

/** Returns, by file id, when the rule deletes each file, and whether it is kept or under a hold. */
export async function fatesOf(ids: string[]): Promise<Map<string, FateRow>> {
  const rows = await db.$queryRaw<(FateRow & { id: string })[]>`
    SELECT file.id, ${fateColumns} FROM file WHERE file.id = ANY(${ids}::uuid[])`
  return new Map(rows.map((row) => [row.id, row]))
}

/** Keeps a file of its owner, or leaves it to the rule. Refuses as `keepFiles` does, and `not_found`. */
export async function keepFile(owner: OwnerId, id: string, keep: Keep): Promise<void> {
  const { count } = await keepFiles(owner, sql`file.id = ${fileIdOrRefuse(id)}::uuid`, keep, id)
  if (count === 0) throw noSuchFile()
}

/** Keeps the files that a folder holds now. Refuses as `keepFiles` does, and `not_found`. */
export async function keepFolder(owner: OwnerId, folder: string, keep: Keep) {
  const kept = await keepFiles(owner, inFolder(folder), keep)
  if (kept.count === 0) throw refusal("not_found", "no_folder", {}, { field: "folder" })
  return kept
}

/** Refuses (not_allowed) to keep files for longer than the admins allow. */
async function keepFiles(owner: OwnerId, which: Sql, keep: Keep, targetId?: string) {
  const { keepDays } = (await readSettings()).retention
  if (keep !== null && keepDays !== null && (keep === "forever" || keep > keepDays)) {
    throw refusal("not_allowed", "keep_days", { days: { days: keepDays } }, { field: "keep" })
  }
  const until =
    keep === null
      ? sql`NULL::timestamptz`
      : keep === "forever"
        ? NEVER
        : sql`date_trunc('second', statement_timestamp()) + make_interval(days => ${keep}::int)`
  return db.$transaction(async (tx) => {
    const files = await tx.$queryRaw<{ name: string }[]>`
      WITH chosen AS MATERIALIZED (
        SELECT file.id AS chosen_id FROM file
        WHERE owner_id = ${owner}::uuid AND deleted_at IS NULL AND status <> 'abandoned' AND ${which}
        ORDER BY file.id FOR NO KEY UPDATE
      )
      UPDATE file SET kept_until = ${until} FROM chosen WHERE file.id = chosen_id RETURNING file.name`
    const [first] = files
    if (!first) return { count: 0 }
    const action = keep === null ? "file.unkeep" : "file.keep"
    const details = { name: plainName(first.name), files: files.length, keep: String(keep) }
    await recordAudit(tx, { actorId: owner, action, targetId, details })
    return { count: files.length }
  })
}
