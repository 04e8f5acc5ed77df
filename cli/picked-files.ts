import { type BigIntStats, createWriteStream, openAsBlob, rmSync, type Stats } from "node:fs"
import { mkdtemp, readdir, realpath, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { pipeline } from "node:stream/promises"
import type { UploadSource } from "#packages/uploader/upload.ts"
import { codeOf, EXIT, Failure } from "./failure.ts"
import { say } from "./terminal.ts"

/** A file to upload. `place` is its absolute path; its bytes are read while they are sent. */
export type Picked = { place: string; changedAt: number; source: UploadSource }

/** The ids of files that an earlier call began, by keyOf. */
export type FileIds = Record<string, string>

export const keyOf = ({ place, changedAt, source }: Picked) =>
  JSON.stringify([place, changedAt, source.body.size])

/** Notes the ids that files get, in their order, for the next call of an interrupted command. */
export function noteIds(known: FileIds, files: Picked[], ids: (string | null)[]) {
  for (const [n, file] of files.entries()) known[keyOf(file)] = ids[n] ?? known[keyOf(file)] ?? ""
}

/** Returns the files that an interrupted call of the same command has not stored yet. */
export async function withoutStored(
  files: Picked[],
  known: FileIds,
  isStored: (id: string) => Promise<boolean>,
): Promise<Picked[]> {
  const missing: Picked[] = []
  for (const file of files) {
    const id = known[keyOf(file)]
    if (!id || !(await isStored(id))) missing.push(file)
  }
  if (missing.length < files.length)
    say(`${files.length - missing.length} of ${files.length} files are there already.`)
  return missing
}

/** The most files of one command, as many as a share may have. */
const MOST_FILES = 10_000

/**
 * Finds the files of the given paths: files, folders with all that is in them, and "-" for standard
 * input, which is kept in a temporary file because its size has to be known. A folder keeps its
 * name. A symbolic link counts as what it leads to; one that leads nowhere, or back into a folder
 * that contains it, is left out and named. Fails if there is nothing to send.
 */
export async function pickFiles(operands: readonly string[], name: string): Promise<Picked[]> {
  const picked: Picked[] = []
  for (const operand of operands) {
    if (operand === "-") picked.push(await pickInput(name))
    else await pick(path.resolve(operand), "", picked, [])
  }
  if (picked.length > 0) return picked
  throw new Failure(EXIT.missing, "There are no files to send.")
}

/** `around`: the folders that contain it, each by its real place. */
async function pick(place: string, folder: string, picked: Picked[], around: string[]) {
  const found = await statOf(place)
  const name = path.basename(place)
  if (found.isFile()) {
    picked.push(await pickOne(place, folder, found))
    if (picked.length > MOST_FILES)
      throw new Failure(EXIT.usage, `These are more than ${MOST_FILES} files.`)
  } else if (found.isDirectory()) {
    const inside = folder === "" ? name : `${folder}/${name}`
    const within = [...around, await realpath(place)]
    const entries = await readdir(place, { withFileTypes: true }).catch(() => refuse(place))
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = path.join(place, entry.name)
      const target = entry.isSymbolicLink() ? await realpath(inner).catch(leadsNowhere) : inner
      if (target === null) say(`Left out: ${inner} is a link that leads nowhere.`)
      else if (within.some((each) => isInside(each, target)))
        say(`Left out: ${inner} leads back to ${target}.`)
      else await pick(inner, inside, picked, within)
    }
  } else say(`Left out: ${place} is neither a file nor a folder.`)
}

const isInside = (inner: string, outer: string) => !path.relative(outer, inner).startsWith("..")

/** For a link that leads nowhere or to itself; one that may not be read is refused as a file is. */
function leadsNowhere(error: unknown): string | null {
  return codeOf(error) === "ENOENT" || codeOf(error) === "ELOOP" ? null : ""
}

async function statOf(place: string): Promise<Stats> {
  return stat(place).catch(() => refuse(place))
}

function refuse(place: string): never {
  throw new Failure(EXIT.missing, `${place} cannot be read.`)
}

async function pickOne(place: string, folder: string, found: Stats | BigIntStats): Promise<Picked> {
  const name = path.basename(place)
  const changedAt = Number(found.mtimeMs)
  const bytes = await openAsBlob(place).catch(() => refuse(place))
  const body = new File([bytes], name, { lastModified: Math.round(changedAt) })
  return { place, changedAt, source: { name, path: folder, contentType: typeOf(name), body } }
}

async function pickInput(name: string): Promise<Picked> {
  const folder = await mkdtemp(path.join(tmpdir(), "lapse-"))
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
  const place = path.join(folder, path.basename(name))
  await pipeline(process.stdin, createWriteStream(place, { mode: 0o600 }))
  return pickOne(place, "", await statOf(place))
}

/** Types by ending, for previews; the store gets the type that is declared. */
const TYPES: Record<string, string> = {
  avif: "image/avif",
  gif: "image/gif",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  svg: "image/svg+xml",
  webp: "image/webp",
  m4a: "audio/mp4",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  wav: "audio/wav",
  mov: "video/quicktime",
  mp4: "video/mp4",
  webm: "video/webm",
  csv: "text/csv",
  html: "text/html",
  json: "application/json",
  log: "text/plain",
  md: "text/markdown",
  pdf: "application/pdf",
  txt: "text/plain",
  xml: "application/xml",
  gz: "application/gzip",
  tar: "application/x-tar",
  tgz: "application/gzip",
  zip: "application/zip",
}

const typeOf = (name: string) =>
  TYPES[path.extname(name).slice(1).toLowerCase()] ?? "application/octet-stream"
