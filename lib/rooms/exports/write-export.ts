import "server-only"
import { mkdir, open, readdir, rm } from "node:fs/promises"
import path from "node:path"
import { inSnapshot, type Query } from "#lib/adapters/database/snapshot.ts"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { readObject } from "#lib/adapters/storage.ts"
import { addressOfLink } from "#lib/rooms/shares/links/read-links.ts"
import { exportTables } from "./export-tables.ts"
import { exportedPaths } from "./exported-path.ts"

type Row = Record<string, unknown>
type ExportedFile = { key: string; name: string; size: number; path: string }

export type Exported = {
  rows: Record<string, number>
  files: number
  bytes: number
  /** Files whose bytes could not be read, with the reason. */
  failed: { name: string; why: string }[]
}

type Exporting = {
  directory: string
  /** The member whose data is exported; by default all members. */
  email?: string | undefined
  say?: (line: string) => void
}

/**
 * Writes all data of the installation, or of one member, to a new or empty directory: tables as
 * JSON Lines from one snapshot, then the files under their names. Refuses (conflict) a directory
 * with content, and (not_found) an unknown member.
 */
export async function writeExport({ directory, email, say }: Exporting): Promise<Exported> {
  const memberId = email === undefined ? null : await requireMember(email)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  if ((await readdir(directory)).length > 0)
    throw new Refusal("conflict", `${directory} is not empty. Name a new directory.`)
  const rows: Exported["rows"] = {}
  const files: ExportedFile[] = []
  const written = writtenRows(files)
  await inSnapshot(async (query) => {
    for (const { name, select } of exportTables(memberId === null ? "all" : "one")) {
      say?.(name)
      const values = memberId === null ? [] : [memberId]
      rows[name] = await writeLines(
        path.join(directory, `${name}.jsonl`),
        rowsOf(query, select, values),
        (row) => written(name, row),
      )
    }
  })
  const failed: Exported["failed"] = []
  let [done, bytes] = [0, 0]
  for (const file of files) {
    say?.(`${done} of ${files.length} files`)
    try {
      await writeObject(path.join(directory, file.path), file.key)
      done++
      bytes += file.size
    } catch (error) {
      if (outageOf(error) || isOfDisk(error)) throw error
      failed.push({ name: file.name, why: error instanceof Error ? error.message : String(error) })
    }
  }
  return { rows, files: done, bytes, failed }
}

const isOfDisk = (error: unknown) => error instanceof Error && "syscall" in error

async function requireMember(email: string): Promise<string> {
  const member = await db.member.findUnique({
    where: { email: email.trim().toLowerCase() },
    select: { id: true },
  })
  if (!member) throw new Refusal("not_found", `There is no member ${email}.`)
  return member.id
}

const FETCHED = 1_000

/** Reads the rows of a statement in batches, from its column `row`. */
async function* rowsOf(query: Query, select: string, values: unknown[]): AsyncGenerator<Row> {
  await query(`DECLARE exported NO SCROLL CURSOR FOR ${select}`, values)
  for (;;) {
    const rows = await query<{ row: Row }>(`FETCH ${FETCHED} FROM exported`)
    for (const { row } of rows) yield row
    if (rows.length < FETCHED) break
  }
  await query("CLOSE exported")
}

/** Writes one line for each row, and returns the number of lines. */
async function writeLines(file: string, rows: AsyncGenerator<Row>, written: (row: Row) => Row) {
  const handle = await open(file, "wx", 0o600)
  try {
    let count = 0
    let lines = ""
    for await (const row of rows) {
      lines += `${JSON.stringify(camelCased(written(row)))}\n`
      count++
      if (count % FETCHED !== 0) continue
      await handle.write(lines)
      lines = ""
    }
    await handle.write(lines)
    return count
  } finally {
    await handle.close()
  }
}

/** Renames columns to the names in the API. */
const camelCased = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      name === "files" && Array.isArray(value) ? value.map(camelCased) : value,
    ]),
  )

/** Returns a function that adds URL and path to exported rows, and collects files with bytes. */
function writtenRows(files: ExportedFile[]) {
  const pathOf = exportedPaths()
  return (table: string, row: Row): Row => {
    if (table === "links") {
      const { public_id: hex, kind: of, ...link } = row
      const kind = of === "request" ? "request" : "share"
      const publicId = Buffer.from(String(hex), "hex")
      return { ...link, url: addressOfLink({ publicId, kind, open: link.open === true }) }
    }
    if (table !== "files") return row
    const { object_key: key, owner_email: owner, ...file } = row
    if (key === null || row.status !== "ready" || row.deleted_at !== null)
      return { ...file, exported_as: null }
    const name = String(row.name)
    const under = pathOf({ ownerEmail: String(owner), path: String(row.path), name })
    const exportedAs = `files/${under}`
    files.push({ key: String(key), name, size: Number(row.size), path: exportedAs })
    return { ...file, exported_as: exportedAs }
  }
}

async function writeObject(file: string, key: string) {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, "wx", 0o600)
  try {
    for await (const part of readObject(key)) await handle.write(part)
    await handle.close()
  } catch (error) {
    await handle.close()
    await rm(file, { force: true })
    throw error
  }
}
