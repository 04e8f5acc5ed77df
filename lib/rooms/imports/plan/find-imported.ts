import "server-only"
import { batchesOf } from "#lib/adapters/database/batch-by-batch.ts"
import { db } from "#lib/adapters/database.ts"
import { importedHashes } from "#lib/adapters/secrets.ts"
import { hasArrived } from "#lib/rooms/files/file.ts"
import type { App, SourceFile, SourceShare } from "#lib/rooms/imports/sources/source.ts"
import type { Hash } from "./plan.ts"

/** Identifies a row of an app. The id is not enough: another installation may use the same one. */
const identityOf = (app: App, { id, createdAt }: { id: string; createdAt: Date }) =>
  `${app} ${id} ${createdAt.getTime()}`

const hex = (hash: Hash) => Buffer.from(hash).toString("hex")

type Row = { fileId: string | null; shareId: string | null }

/** A row of an app: its hash, and its row in Lapse from an earlier import, or null. */
export type Found<Source> = { source: Source; hash: Hash; row: Row | null }

/** Finds the results of earlier imports for these files or shares. */
export async function findImported<Source extends SourceFile | SourceShare>(
  kind: "file" | "share",
  app: App,
  sources: Source[],
): Promise<Found<Source>[]> {
  const hashes = sources.map((source) => importedHashes(kind, identityOf(app, source)))
  const found = new Map<string, Row>()
  for (const batch of batchesOf(hashes.flat())) {
    const rows = await db.imported.findMany({ where: { hash: { in: batch } } })
    for (const { hash, ...row } of rows) found.set(hex(hash), row)
  }
  return sources.map((source, index) => {
    const all = hashes[index] ?? []
    const hash = all.find((one) => found.has(hex(one))) ?? all[0] ?? new Uint8Array()
    return { source, hash, row: found.get(hex(hash)) ?? null }
  })
}

/** `new` includes a file whose import was interrupted. `gone`: the file was deleted since. */
type FileState = { state: "new" | "here" | "gone"; fileId: string | null }

/** Finds these files and whether they are still here. */
export async function findFiles(
  app: App,
  files: SourceFile[],
): Promise<(Found<SourceFile> & FileState)[]> {
  const imported = await findImported("file", app, files)
  const ids = imported.flatMap(({ row }) => row?.fileId ?? [])
  const states = new Map<string, FileState>()
  for (const batch of batchesOf(ids)) {
    const rows = await db.file.findMany({
      where: { id: { in: batch } },
      select: { id: true, status: true, deletedAt: true },
    })
    for (const { id, status, deletedAt } of rows) {
      if (hasArrived({ status })) states.set(id, deletedAt ? GONE : { state: "here", fileId: id })
      else states.set(id, { state: "new", fileId: status === "uploading" ? id : null })
    }
  }
  return imported.map((found) => ({
    ...found,
    ...(found.row === null ? NEW : (states.get(found.row.fileId ?? "") ?? GONE)),
  }))
}

const NEW: FileState = { state: "new", fileId: null }
const GONE: FileState = { state: "gone", fileId: null }

export async function findOldLinks(ids: string[]): Promise<Set<string>> {
  const idOf = new Map<string, string>()
  const hashes = ids.flatMap((id) => {
    const all = importedHashes("link", id)
    for (const hash of all) idOf.set(hex(hash), id)
    return all
  })
  const known = new Set<string>()
  for (const batch of batchesOf(hashes)) {
    const rows = await db.oldLink.findMany({ where: { hash: { in: batch } } })
    for (const { hash } of rows) known.add(idOf.get(hex(hash)) ?? "")
  }
  return known
}
