import { createHash } from "node:crypto"
import http from "node:http"
import https from "node:https"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { TabLocks } from "#packages/transfer/tab-locks.ts"
import type { Hasher } from "#packages/uploader/hashing/hasher.ts"
import type { HandleStore } from "#packages/uploader/picking/handle-store.ts"
import { callApi } from "#packages/uploader/transport/api-client.ts"
import { createBrowserTransport } from "#packages/uploader/transport/browser-transport.ts"
import type {
  PutAnswer,
  PutRequest,
  UploadTransport,
} from "#packages/uploader/transport/upload-transport.ts"
import type { IfTaken, Upload, UploadSource } from "#packages/uploader/upload.ts"
import type { Answer } from "#packages/uploader/upload-protocol.ts"
import { createUploader } from "#packages/uploader/uploader.ts"
import {
  count,
  flag,
  listOf,
  NOT_LAPSE,
  object,
  orNull,
  type Shape,
  text,
} from "./answer-shapes.ts"
import { EXIT, Failure } from "./failure.ts"
import { say, sayWait, showProgress } from "./terminal.ts"

/** A connection that moves no bytes for this long is given up, and the part is sent again. */
const STALL_MS = 30_000

type Sending = {
  /** The address of the calls about files: a member's, or a guest's. */
  filesUrl: string
  send: typeof fetch
  /** The number of files that have a record and are not stored; by default any number. */
  unsent?: number
  /** The action for a file whose name is taken. Without it, the file is refused. */
  ifTaken?: IfTaken | undefined
  /** Called whenever more files have their records; null for those that have none. */
  onRecords?: (fileIds: (string | null)[]) => Promise<void>
  /** Called once all files have records. */
  onStarted?: () => Promise<void>
  /** Deletes what earlier calls left unfinished, once all files are stored. */
  abandonsOthers?: boolean
  /** Deletes the files of this call if one of them is refused: they would take room for nothing. */
  allOrNone?: boolean
}

/**
 * Uploads files, as the pages do. Unfinished uploads of the same files continue. Fails once all
 * others have ended, if one has failed.
 */
export async function uploadFiles(
  sources: readonly UploadSource[],
  { filesUrl, send, ifTaken, abandonsOthers, allOrNone, ...sending }: Sending,
): Promise<void> {
  const { onStarted = async () => {}, onRecords = async () => {}, unsent } = sending
  const uploader = createUploader({
    ...(unsent === undefined ? {} : { unsent }),
    transport: nodeTransport(filesUrl, send),
    hasher,
    locks: noLocks,
    handles: noHandles,
  })
  await uploader.loadUnfinished()
  const ids = uploader.add(sources.map((source) => (ifTaken ? { ...source, ifTaken } : source)))
  const uploads = () => inOrder(ids, uploader.snapshot().uploads)
  let known = ""
  let told = Promise.resolve()
  uploader.subscribe(() => {
    const byId = new Map(uploads().map(({ id, fileId }) => [id, fileId]))
    const records = ids.map((id) => byId.get(id) ?? null)
    if (known === records.join()) return
    known = records.join()
    told = told.then(() => onRecords(records))
    told.catch(() => {}) // thrown below
  })
  const until = (isReached: (all: Upload[]) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        show(uploader.snapshot().totals)
        const all = uploads()
        if (all.some(isAway)) sayWait("Waits for the installation or its store.")
        if (isReached(all) || all.some(cannotContinue)) resolve()
      }
      uploader.subscribe(look)
      look()
    })
  const remove = (fileIds: string[]) =>
    Promise.all(fileIds.map((id) => callApi({ method: "DELETE", url: `${filesUrl}/${id}` }, send)))
  // A stored one may have replaced a file, which does not come back.
  const isRemovable = ({ earlier, state }: Upload) =>
    earlier !== "arrived" && !(ifTaken === "replace" && state === "stored")
  async function refuseFailed() {
    await told
    const failed = uploads().filter(
      (upload) => upload.state === "failed" || isTaken(upload) || cannotContinue(upload),
    )
    const isOver = allOrNone && failed.some(isRefused)
    if (isOver) {
      uploader.pause()
      await remove(fileIdsOf(uploads().filter(isRemovable)))
    }
    failWith(failed, isOver)
  }
  await until((all) =>
    all.every((upload) => upload.fileId !== null || upload.state === "failed" || isTaken(upload)),
  )
  await refuseFailed()
  await onStarted()
  await until((all) => all.every(({ state }) => state === "stored" || state === "failed"))
  await refuseFailed()
  if (abandonsOthers) await remove(uploader.snapshot().unfinished.map(({ fileId }) => fileId))
}

function inOrder(ids: string[], uploads: readonly Upload[]): Upload[] {
  const byId = new Map(uploads.map((upload) => [upload.id, upload]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

const fileIdsOf = (uploads: Upload[]) => uploads.flatMap(({ fileId }) => fileId ?? [])

/** Problems that a page waits for a person to solve. */
const cannotContinue = ({ state, problem }: Upload) =>
  state === "waiting" && (problem?.code === "signed_out" || problem?.code === "storage_full")

const isTaken = ({ state }: Upload) => state === "taken"

const isRefused = (upload: Upload) =>
  isTaken(upload) || ["refused", "storage_full"].includes(upload.problem?.code ?? "")

const AWAY = new Set(["no_answer", "stalled", "busy"])
const isAway = ({ problem }: Upload) => problem !== null && AWAY.has(problem.code)

function failWith(failed: Upload[], isOver = false) {
  const [first] = failed
  if (!first) return
  for (const upload of failed.slice(0, 20)) {
    const { code = isTaken(upload) ? "taken" : "refused", message = null } = upload.problem ?? {}
    // The message of an installation that is away is meant for its pages.
    say(`${upload.name}: ${(isAway(upload) ? null : message) ?? WORDS[code]}`)
  }
  const isDenied = first.problem?.code === "signed_out"
  throw new Failure(
    isDenied ? EXIT.denied : isAway(first) ? EXIT.unavailable : EXIT.failed,
    isOver
      ? "None of the files was sent."
      : `${failed.length} ${failed.length === 1 ? "file was" : "files were"} not sent. The same command continues.`,
  )
}

const WORDS: Record<string, string> = {
  no_answer: "The installation or its store does not answer.",
  stalled: "The connection moves no bytes.",
  busy: "The installation or its store does not answer.",
  store_refused: "The store refuses the file.",
  storage_full: "The storage is full.",
  signed_out: "The token is not valid any more.",
  unreadable: "The file was moved, or has changed while it was sent.",
  refused: "The installation refuses the file.",
  taken: "A different file has this name. Say --replace, --keep-both or --skip.",
}

function show(totals: {
  count: number
  stored: number
  sizeBytes: number
  sentBytes: number
  bytesPerSecond: number | null
}) {
  const { count, stored, sizeBytes, sentBytes, bytesPerSecond } = totals
  const percent = sizeBytes > 0 ? Math.floor((sentBytes / sizeBytes) * 100) : 100
  const rate = bytesPerSecond ? `, ${formatBytes(bytesPerSecond)}/s` : ""
  showProgress(
    `${percent} % of ${formatBytes(sizeBytes)}${rate}${count > 1 ? `, ${stored} of ${count} files` : ""}`,
  )
}

function nodeTransport(filesUrl: string, send: typeof fetch): UploadTransport {
  const calls = createBrowserTransport(filesUrl, send)
  return {
    ...calls,
    start: checked(calls.start, listOf(Started)),
    renew: checked(calls.renew, Instructions),
    finish: checked(calls.finish, object({ id: text })),
    signParts: checked(calls.signParts, listOf(Address)),
    listParts: checked(calls.listParts, listOf(object({ partNumber: count, size: count }))),
    listUnfinished: checked(calls.listUnfinished, listOf(object({ id: text, size: count }))),
    put: (request) => put(request).catch(() => noAnswer),
    isOnline: () => true,
    onOnline() {},
  }
}

const Address = object({ url: text, headers: object({}) })
const Multipart = object({ partSize: count, partCount: count, checksums: flag })
const Instructions: Shape<unknown> = (value): value is unknown =>
  Address(value) || (Multipart(value) && value.partSize > 0 && value.partCount <= MOST_PARTS)
/** As many as a store takes. */
const MOST_PARTS = 10_000
const Started: Shape<unknown> = (value): value is unknown =>
  object({ ok: flag })(value) &&
  (!value.ok ||
    object({ value: object({ file: object({ id: text }), upload: orNull(Instructions) }) })(value))

/** A call whose answer has a shape. Another answer is a refusal. */
const checked =
  <Args extends unknown[], Value>(
    call: (...args: Args) => Promise<Answer<Value>>,
    shape: Shape<unknown>,
  ) =>
  async (...args: Args): Promise<Answer<Value>> => {
    const answer = await call(...args).catch(() => null)
    if (answer && (!answer.ok || shape(answer.value))) return answer
    return { ok: false, status: 400, message: NOT_LAPSE, retryAfterSeconds: null }
  }

const noAnswer = { ok: false, status: 0, message: null, retryAfterSeconds: null } as const

/** One PUT to the store. `fetch` would send a stream without the length that is signed. */
function put({ url, headers, body, signal, onProgress }: PutRequest): Promise<PutAnswer> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ ok: false, status: "aborted" })
    const { request } = url.startsWith("https:") ? https : http
    const sending = request(url, {
      method: "PUT",
      headers: { ...headers, "Content-Length": body.size },
      timeout: STALL_MS,
      signal,
    })
    let ended: PutAnswer = noAnswer
    sending.once("timeout", () => {
      ended = { ok: false, status: "stalled" }
      sending.destroy()
    })
    sending.once("error", () => resolve(signal.aborted ? { ok: false, status: "aborted" } : ended))
    sending.once("response", (response) => {
      response.resume()
      const status = response.statusCode ?? 0
      const retryAfterSeconds = Number(response.headers["retry-after"]) || null
      const answer: PutAnswer =
        status >= 200 && status < 300
          ? { ok: true, value: null }
          : { ok: false, status, message: null, retryAfterSeconds }
      // The connection is used again only once the answer was read.
      response.once("close", () => resolve(answer))
    })
    // A failure is the request's "error", which is answered above.
    pipeline(Readable.from(counted(body, onProgress)), sending).catch(() => {})
  })
}

async function* counted(body: Blob, onProgress: (sent: number) => void) {
  let sent = 0
  for await (const bytes of body.stream()) {
    yield bytes
    sent += bytes.length
    onProgress(sent)
  }
}

async function sha256(body: Blob, signal?: AbortSignal): Promise<string | null> {
  const hash = createHash("sha256")
  try {
    for await (const bytes of body.stream()) {
      if (signal?.aborted) return null
      hash.update(bytes)
    }
    return hash.digest("hex")
  } catch {
    return null
  }
}

/** Node hashes faster than a disk reads, so a file is read again rather than kept in memory. */
const hasher: Hasher = { part: (body) => sha256(body), whole: sha256 }

/** Two commands that send the same file at once send it twice, which harms nothing. */
const noLocks: TabLocks = { acquire: async () => () => {}, held: async () => new Set() }

const noHandles: HandleStore = {
  save: async () => {},
  find: async () => null,
  delete: async () => {},
  fileIds: async () => [],
}
