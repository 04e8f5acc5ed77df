import { createHash } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { pipeline } from "node:stream/promises"
import { z } from "zod"
import { SetupError } from "#lib/errors.ts"

const FORMAT = 1
/** A backup has it, once it is complete. */
export const MANIFEST = "manifest.json"
const CONTENTS = "contents.txt"
/** Held by the process that writes the backup. */
export const BACKUP_LOCK = "backup.lock"
const UNLISTED = new Set([MANIFEST, CONTENTS, BACKUP_LOCK])
const SMALL_BYTES = 1024 ** 2
/** Their names are random and their bytes never change: the size is enough to miss one. */
const BYTES = /^objects\/(blobs|buckets\/[^/]+\/uploads)\//

const Manifest = z.object({
  format: z.int(),
  /** The version of Lapse that made the backup. */
  version: z.string(),
  /** By the database's clock, just before the state that the backup holds. */
  takenAt: z.iso.datetime(),
  /** Null where the database is not embedded. */
  database: z
    .object({ members: z.int(), shares: z.int(), files: z.int(), fileBytes: z.int() })
    .nullable(),
  hasObjects: z.boolean(),
  contents: z.object({ files: z.int(), bytes: z.int(), sha256: z.string() }),
})
export type Manifest = z.infer<typeof Manifest>

export type Taken = Omit<Manifest, "format" | "contents">

/**
 * Lists what is in the directory and writes the manifest: a backup without one is not complete. The
 * caller syncs the directory and gives it its name afterwards.
 */
export async function writeManifest(directory: string, taken: Taken): Promise<Manifest> {
  const contents = await listContents(directory)
  fs.writeFileSync(path.join(directory, CONTENTS), textOf(contents), { mode: 0o600 })
  const manifest = { format: FORMAT, ...taken, contents: summaryOf(contents) }
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`
  fs.writeFileSync(path.join(directory, MANIFEST), text, { mode: 0o600 })
  return manifest
}

/**
 * Reads a backup's manifest. Throws a SetupError for what is not a backup of this or an older
 * format.
 */
export function readManifest(directory: string): Manifest {
  const file = path.join(directory, MANIFEST)
  if (!fs.existsSync(file)) {
    throw new SetupError(
      `${directory} is not a whole backup (it has no ${MANIFEST}): name a directory that \`npm run lapse -- backup\` has finished.`,
    )
  }
  const manifest = Manifest.safeParse(parseJson(fs.readFileSync(file, "utf8")))
  if (manifest.success && manifest.data.format <= FORMAT) return manifest.data
  throw new SetupError(
    manifest.success
      ? `${file} has format ${manifest.data.format}, which this Lapse does not know: restore it with the version that made it (${manifest.data.version}).`
      : `${file} is damaged: take another backup.`,
  )
}

/** Throws a SetupError that names the first file that is missing, altered or too many. */
export async function verifyContents(directory: string, { contents }: Manifest): Promise<void> {
  const found = await listContents(directory)
  if (summaryOf(found).sha256 === contents.sha256) return
  throw new SetupError(
    `${directory} is damaged: ${firstDifference(directory, found)}. Restore another backup, or copy this one again from where it is whole.`,
  )
}

function firstDifference(directory: string, found: Entry[]) {
  const file = path.join(directory, CONTENTS)
  const expected = fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n") : []
  const expectedAt = new Map(expected.map((line) => [line.slice(line.lastIndexOf("\t") + 1), line]))
  for (const entry of found) {
    const line = expectedAt.get(entry.name)
    expectedAt.delete(entry.name)
    if (line === undefined) return `${entry.name} does not belong to it`
    if (line !== lineOf(entry)) return `${entry.name} is not as it was`
  }
  const [missing] = [...expectedAt.keys()].filter((name) => name !== "")
  return missing ? `${missing} is missing` : `its ${CONTENTS} is not as it was`
}

type Entry = { name: string; bytes: number; sha256: string }

/** Every file but the manifest's own, in the order of the names. */
async function listContents(directory: string): Promise<Entry[]> {
  const entries: Entry[] = []
  const walk = async (folder: string) => {
    for (const entry of fs.readdirSync(path.join(directory, folder), { withFileTypes: true })) {
      const name = folder ? `${folder}/${entry.name}` : entry.name
      if (entry.isDirectory()) await walk(name)
      else if (!UNLISTED.has(name)) entries.push(await describeFile(directory, name))
    }
  }
  await walk("")
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function describeFile(directory: string, name: string): Promise<Entry> {
  const file = path.join(directory, name)
  const bytes = fs.statSync(file).size
  if (BYTES.test(name)) return { name, bytes, sha256: "-" }
  const hash = createHash("sha256")
  // Most of a cluster's files are small, and a stream costs more than they do.
  if (bytes <= SMALL_BYTES) hash.update(fs.readFileSync(file))
  else await pipeline(fs.createReadStream(file), hash)
  return { name, bytes, sha256: hash.digest("hex") }
}

const lineOf = ({ name, bytes, sha256 }: Entry) => `${sha256}\t${bytes}\t${name}`

const textOf = (entries: Entry[]) => entries.map((entry) => `${lineOf(entry)}\n`).join("")

function summaryOf(entries: Entry[]) {
  const hash = createHash("sha256")
  for (const entry of entries) hash.update(`${lineOf(entry)}\n`)
  return {
    files: entries.length,
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
    sha256: hash.digest("hex"),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
