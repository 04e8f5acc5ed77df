import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { mkdir, open, rename, stat } from "node:fs/promises"
import path from "node:path"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { FreshUrl } from "#packages/downloader/fetching/download-addresses.ts"
import { openStream } from "#packages/downloader/open-stream.ts"
import { downloadError, problem, problemOf } from "#packages/downloader/problem.ts"
import { runDownload } from "#packages/downloader/run-download.ts"
import type { SavedDownload, SavedDownloads } from "#packages/downloader/saving/saved-downloads.ts"
import type { OpenSink, Sink } from "#packages/downloader/saving/sink.ts"
import { createPortablePaths } from "#packages/zip-stream/portable-names.ts"
import { codeOf, EXIT, Failure } from "../failure.ts"
import { keptProgress } from "../kept.ts"
import { plain, print, showProgress } from "../terminal.ts"
import { text, type Verb } from "../verb.ts"
import {
  type Cookies,
  callLink,
  createVisit,
  openPage,
  readLink,
  unlocked,
  type Visit,
} from "../visit.ts"

type LinkFile = { id: string; name: string; path?: string; size: number; sha256?: string | null }

/** The progress of an interrupted call: the cookies with the claim's ticket, and unfinished files. */
type Progress = {
  cookies: Cookies
  downloads: Record<string, SavedDownload>
  /** The places of whole files, by id. While a file's part is left, it has not got there. */
  saved: Record<string, string>
}

/** The number of files that are downloaded at the same time. */
const AT_ONCE = 3

export const get: Verb = {
  summary: "downloads the files of a link",
  usage: `lapse get LINK [options]

Downloads all files of a share, as one download, and compares their SHA-256.
Interrupted, the same command continues where it was, without a second download.

  --into DIR            where the files go (default: here); - prints the only file
  --password-file FILE  the link's password
  --force               replaces files of the same name`,
  options: {
    into: { type: "string" },
    "password-file": { type: "string" },
    force: { type: "boolean" },
  },
  operands: { least: 1, most: 1 },
  async run(options, [link = ""]) {
    const { base } = readLink(link, "s")
    const into = text(options.into) ?? "."
    const kept = await keptProgress<Progress>("get", [
      base,
      into === "-" ? into : path.resolve(into),
    ])
    const progress = (await kept.read()) ?? { cookies: {}, downloads: {}, saved: {} }
    const keep = inOrder(() => kept.write(progress))
    const visit = createVisit(base, progress.cookies, (cookies) => {
      progress.cookies = { ...cookies }
      return keep()
    })
    const given = { "password-file": text(options["password-file"]) }
    await openPage(visit)
    const files = await unlocked(visit, given, () => claim(visit))
    if (into === "-") await printFile(visit, files)
    else await saveAll({ visit, files, into, progress, keep, force: options.force === true })
    await kept.remove()
  },
}

async function claim(visit: Visit) {
  const answer = await callLink<{ files: LinkFile[] }>(visit, "/claim", "files", {})
  return answer.ok ? ({ ok: true, value: answer.value.files } as const) : answer
}

/** Calls one after another, and one more for all that came meanwhile. */
function inOrder(act: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  return () => {
    next ??= last.then(() => {
      next = null
      last = act()
      return last
    })
    return next
  }
}

const freshUrlOf =
  (visit: Visit, { id }: LinkFile): FreshUrl =>
  async () => {
    const answer = await callLink<{ url: string }>(visit, `/d/${id}`, "url")
    return answer.ok ? { url: answer.value.url } : answer
  }

async function printFile(visit: Visit, files: LinkFile[]) {
  const [file] = files
  if (!file || files.length > 1)
    throw new Failure(EXIT.usage, `The link has ${files.length} files: --into DIR takes them all.`)
  const hash = createHash("sha256")
  const stream = openStream({
    size: file.size,
    freshUrl: freshUrlOf(visit, file),
    isOnline: () => true,
    tries: 30,
  })
  try {
    for await (const bytes of stream) {
      hash.update(bytes)
      if (!process.stdout.write(bytes))
        await new Promise((resolve) => process.stdout.once("drain", resolve))
    }
  } catch (error) {
    throw downloadFailure(file, error)
  }
  if (file.sha256 && hash.digest("hex") !== file.sha256)
    throw new Failure(EXIT.failed, "What was printed is not the file: its SHA-256 differs.")
}

type Saving = {
  visit: Visit
  files: LinkFile[]
  into: string
  progress: Progress
  keep: () => Promise<void>
  force: boolean
}

async function saveAll(saving: Saving) {
  const { files, into } = saving
  const portable = createPortablePaths()
  const places = files.map(({ name, path: folder = "" }) =>
    path.join(into, portable(folder === "" ? name : `${folder}/${name}`)),
  )
  const total = files.reduce((sum, { size }) => sum + size, 0)
  const written = new Map<string, number>()
  const show = (id: string, bytes: number) => {
    written.set(id, bytes)
    const sum = [...written.values()].reduce((all, each) => all + each, 0)
    const percent = total > 0 ? Math.floor((sum / total) * 100) : 100
    showProgress(`${percent} % of ${formatBytes(total)}`)
  }
  const queue = files.map((file, n) => ({ file, place: places[n] ?? "" }))
  let failed: Failure | null = null
  const work = async () => {
    for (let next = queue.shift(); next && !failed; next = queue.shift()) {
      try {
        await save(saving, next.file, next.place, show)
        print(plain(next.place))
      } catch (error) {
        failed = error instanceof Failure ? error : downloadFailure(next.file, error)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  if (failed) throw failed
}

async function save(
  { visit, progress, keep, force }: Saving,
  file: LinkFile,
  place: string,
  show: (id: string, bytes: number) => void,
) {
  await mkdir(path.dirname(place), { recursive: true })
  const sha256 = file.sha256 ?? null
  const part = path.join(path.dirname(place), partName(file))
  const size = await sizeOf(place)
  const isSaved = progress.saved[file.id] === place && (await sizeOf(part)) === null
  if (size === file.size && isSaved) return show(file.id, file.size)
  if (!force && size !== null) {
    if (sha256 && size === file.size && (await digestOf(place)) === sha256)
      return show(file.id, file.size)
    throw new Failure(EXIT.failed, `${plain(place)} exists: --force replaces it.`)
  }
  const remote = { key: file.id, name: file.name, size: file.size, sha256 }
  const record = progress.downloads[file.id] ?? newRecord(remote, part)
  progress.downloads[file.id] = record
  const end = record.spans.at(-1)?.to ?? 0
  if (((await sizeOf(part)) ?? 0) < end) Object.assign(record, newRecord(remote, part))
  await runDownload({
    file: remote,
    record,
    freshUrl: freshUrlOf(visit, file),
    openSink: openFileSink,
    saved: savedIn(progress, keep),
    writtenSize: async ({ name }) => (await sizeOf(name)) ?? 0,
    isOnline: () => true,
    signal: new AbortController().signal,
    onWritten: (bytes) => show(file.id, bytes),
    onWait: (why) => why && showProgress(`${plain(file.name)}: waits (${why.code})`),
    onChecking() {},
  })
  // Kept before the file appears, so that a kill in between loses nothing: it counts without its part.
  progress.saved[file.id] = place
  await keep()
  await writing(() => rename(part, place))
  delete progress.downloads[file.id]
}

/** The name of an unfinished file: short, and without a character of the server's choice. */
const partName = ({ id }: LinkFile) =>
  `.lapse-${createHash("sha256").update(id).digest("hex").slice(0, 16)}`

const newRecord = (file: SavedDownload["file"], part: string): SavedDownload => ({
  file,
  target: { name: part },
  spans: [],
  etag: null,
  path: null,
  savedAt: Date.now(),
  isComplete: false,
})

const savedIn = ({ downloads }: Progress, keep: () => Promise<void>): SavedDownloads => ({
  async save(download) {
    downloads[download.file.key] = download
    await keep()
  },
  find: async (key) => downloads[key] ?? null,
  async delete(key) {
    delete downloads[key]
  },
  list: async () => Object.values(downloads),
})

async function openFileSink({ target, keeps, onFreed }: OpenSink): Promise<Sink> {
  const file = await writing(() => open(target.name, keeps ? "r+" : "w", 0o666))
  return {
    async write(at, bytes) {
      await writing(() => file.write(bytes, 0, bytes.length, at))
      onFreed?.(bytes.buffer)
    },
    flush: () => writing(() => file.datasync()),
    finish: () => digestOf(target.name),
    close: () => file.close().catch(() => {}),
  }
}

async function writing<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    throw downloadError(problem(codeOf(error) === "ENOSPC" ? "no_room" : "not_writable"))
  }
}

async function digestOf(place: string): Promise<string> {
  const hash = createHash("sha256")
  for await (const bytes of createReadStream(place, { highWaterMark: 1024 ** 2 }))
    hash.update(bytes)
  return hash.digest("hex")
}

async function sizeOf(place: string): Promise<number | null> {
  try {
    return (await stat(place)).size
  } catch {
    return null
  }
}

const WORDS: Record<string, string> = {
  address_refused: "the link gives no more addresses",
  store_refused: "the store refuses it",
  replaced: "it was replaced meanwhile",
  no_ranges: "the store does not give parts of it",
  wrong_digest: "the bytes that arrived are not those of the file",
  no_room: "the disk is full",
  not_writable: "it cannot be written here",
}

function downloadFailure({ name }: LinkFile, error: unknown): Failure {
  const why = problemOf(error)
  if (!why) throw error
  const words = why.message ? plain(why.message) : (WORDS[why.code] ?? "no answer")
  const isOver = why.code === "address_refused"
  return new Failure(isOver ? EXIT.missing : EXIT.failed, `${plain(name)}: ${words}.`)
}
