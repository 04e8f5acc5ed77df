import { createHash } from "node:crypto"
import { once } from "node:events"
import { constants, createReadStream, createWriteStream } from "node:fs"
import { lstat, mkdir, open, rename, stat } from "node:fs/promises"
import path from "node:path"
import { finished } from "node:stream/promises"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { FreshUrl } from "#packages/downloader/fetching/download-addresses.ts"
import { openStream } from "#packages/downloader/open-stream.ts"
import { downloadError, problem, problemOf } from "#packages/downloader/problem.ts"
import { runDownload } from "#packages/downloader/run-download.ts"
import type { SavedDownload, SavedDownloads } from "#packages/downloader/saving/saved-downloads.ts"
import type { OpenSink, Sink } from "#packages/downloader/saving/sink.ts"
import { createPortablePaths } from "#packages/zip-stream/portable-names.ts"
import { count, flag, listOf, type Of, object, optional, text as string } from "../answer-shapes.ts"
import { codeOf, EXIT, Failure, usageError } from "../failure.ts"
import { PATIENCE_MS, WAITS } from "../installation.ts"
import { keptProgress } from "../kept.ts"
import { print, sayWait, showProgress } from "../terminal.ts"
import { text, type Verb } from "../verb.ts"
import {
  type Cookies,
  callLink,
  createCall,
  createVisit,
  openPage,
  readLink,
  type Visit,
} from "../visit.ts"

const LinkFile = object({
  id: string,
  name: string,
  path: optional(string),
  size: count,
  sha256: optional(string),
})
type LinkFile = Of<typeof LinkFile>

const LinkState = object({
  viewOnly: optional(flag),
  counts: optional(object({ ready: count })),
  files: listOf(object({ id: string, status: string })),
})

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

  --into DIR            where the files go (default: here); - or a named pipe gets the only file
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
    const isPiped = await isPipe(into)
    const kept = await keptProgress<Progress>("get", [
      base,
      into === "-" ? into : path.resolve(into),
    ])
    const progress = (await kept.read()) ?? { cookies: {}, downloads: {}, saved: {} }
    const keep = () => kept.write(progress)
    const visit = createVisit(base, progress.cookies, (cookies) => {
      progress.cookies = { ...cookies }
      return keep()
    })
    const given = { "password-file": text(options["password-file"]) }
    await openPage(visit)
    const call = createCall(visit, given)
    const state = await call("/state", LinkState)
    const asked = judge(state, isPiped)
    if (!isPiped) await makeFolder(into)
    const { files } = await call("/claim", object({ files: listOf(LinkFile) }), asked)
    const patience = createPatience()
    if (isPiped) await printFile(visit, files, into, patience)
    else {
      const force = options.force === true
      await saveAll({ visit, files, into, progress, keep, force, patience })
    }
    await kept.remove()
  },
}

/** Whether the files go into a pipe. Refuses a place that is neither that nor a folder. */
async function isPipe(into: string): Promise<boolean> {
  const found = into === "-" ? null : await stat(into).catch(() => null)
  if (into === "-" || found?.isFIFO()) return true
  if (found && !found.isDirectory()) throw usageError(`${into} is no folder: --into DIR takes one.`)
  return false
}

async function makeFolder(place: string) {
  await mkdir(place, { recursive: true }).catch((error) => {
    throw new Failure(EXIT.failed, `${place} cannot be made (${codeOf(error)}).`)
  })
}

/** Returns what to claim. Refuses what cannot be delivered, before anything is counted. */
function judge({ viewOnly, counts, files }: Of<typeof LinkState>, isPiped: boolean) {
  if (viewOnly) throw new Failure(EXIT.missing, "This link shows its files in a browser only.")
  if (!isPiped || !counts) return {}
  const ready = files.filter(({ status }) => status === "ready")
  const [only] = ready
  if (counts.ready === 1 && only) return { fileIds: [only.id] }
  throw usageError(`The link has ${counts.ready} files: --into DIR takes them all.`)
}

/** Aborts downloads whose bytes no longer come. */
type Patience = {
  signal: AbortSignal
  progress: () => void
  /** Does not count the time of other work, such as a slow reader's. */
  hold: <Result>(work: Promise<Result>) => Promise<Result>
}

function createPatience(): Patience {
  const ended = new AbortController()
  const why = "Nothing has arrived for two minutes. The same command continues."
  let timer: NodeJS.Timeout | undefined
  let held = 0
  function progress() {
    clearTimeout(timer)
    const giveUp = () => ended.abort(new Failure(EXIT.unavailable, why))
    if (held === 0) timer = setTimeout(giveUp, PATIENCE_MS).unref()
  }
  progress()
  return {
    signal: ended.signal,
    progress,
    async hold(work) {
      held += 1
      progress()
      try {
        return await work
      } finally {
        held -= 1
        progress()
      }
    },
  }
}

const freshUrlOf =
  (visit: Visit, { id }: LinkFile): FreshUrl =>
  async () => {
    const answer = await callLink(visit, `/d/${id}`, object({ url: string }))
    return answer.ok ? { url: answer.value.url } : answer
  }

async function printFile(
  visit: Visit,
  [file]: LinkFile[],
  into: string,
  { signal, progress, hold }: Patience,
) {
  if (!file) throw new Failure(EXIT.missing, "The link has no file.")
  const out = into === "-" ? process.stdout : createWriteStream(into)
  const hash = createHash("sha256")
  const stream = openStream({
    size: file.size,
    freshUrl: freshUrlOf(visit, file),
    isOnline: () => true,
    signal,
    onProgress: ({ waiting }) => (waiting ? sayWait(WAITS) : progress()),
  })
  try {
    for await (const bytes of stream) {
      hash.update(bytes)
      if (!out.write(bytes)) await hold(once(out, "drain"))
    }
  } catch (error) {
    throw downloadFailure(file, error)
  }
  if (out !== process.stdout) await finished(out.end())
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
  patience: Patience
}

async function saveAll(saving: Saving) {
  const { files, into } = saving
  const portable = createPortablePaths()
  const places = files.map(({ name, path: folder }) =>
    path.join(into, portable(folder ? `${folder}/${name}` : name)),
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
        print(next.place)
      } catch (error) {
        failed = downloadFailure(next.file, error)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  if (failed) throw failed
}

async function save(
  { visit, progress, keep, force, patience }: Saving,
  file: LinkFile,
  place: string,
  show: (id: string, bytes: number) => void,
) {
  await makeFolder(path.dirname(place))
  const sha256 = file.sha256 ?? null
  const part = path.join(path.dirname(place), partName(file))
  const there = await lstat(place).catch(() => null)
  if (there && !there.isFile())
    throw new Failure(EXIT.failed, `${place} is not a regular file, and is not replaced.`)
  const size = there?.size ?? null
  const isSaved = progress.saved[file.id] === place && (await sizeOf(part)) === null
  if (size === file.size && isSaved) return show(file.id, file.size)
  if (!force && size !== null) {
    if (sha256 && size === file.size && (await patience.hold(digestOf(place))) === sha256)
      return show(file.id, file.size)
    throw new Failure(EXIT.failed, `${place} exists: --force replaces it.`)
  }
  const remote = { key: file.id, name: file.name, size: file.size, sha256 }
  const record = progress.downloads[file.id] ?? newRecord(remote, part)
  progress.downloads[file.id] = record
  const end = record.spans.at(-1)?.to ?? 0
  if (((await sizeOf(part)) ?? 0) < end) Object.assign(record, newRecord(remote, part))
  let most = 0
  await runDownload({
    file: remote,
    record,
    freshUrl: freshUrlOf(visit, file),
    openSink: (asked) => openFileSink(asked, patience),
    saved: savedIn(progress, keep),
    writtenSize: async ({ name }) => (await sizeOf(name)) ?? 0,
    isOnline: () => true,
    signal: patience.signal,
    onWritten(bytes) {
      if (bytes > most) patience.progress()
      most = Math.max(most, bytes)
      show(file.id, bytes)
    },
    onWait: (why) => why && sayWait(WAITS),
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

async function openFileSink(
  { target, keeps, onFreed }: OpenSink,
  { hold }: Patience,
): Promise<Sink> {
  const { O_CREAT, O_NOFOLLOW, O_RDWR, O_TRUNC } = constants
  const flags = O_RDWR | O_CREAT | O_NOFOLLOW | (keeps ? 0 : O_TRUNC)
  const file = await writing(() => open(target.name, flags, 0o666))
  if (!(await file.stat()).isFile()) throw downloadError(problem("not_writable"))
  return {
    async write(at, bytes) {
      await writing(() => file.write(bytes, 0, bytes.length, at))
      onFreed?.(bytes.buffer)
    },
    flush: () => writing(() => file.datasync()),
    finish: () => hold(digestOf(target.name)),
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
  if (error instanceof Failure) return error
  const why = problemOf(error)
  if (!why) throw error
  const words = why.message ? why.message : (WORDS[why.code] ?? "no answer")
  const isOver = why.code === "address_refused"
  return new Failure(isOver ? EXIT.missing : EXIT.failed, `${name}: ${words}.`)
}
