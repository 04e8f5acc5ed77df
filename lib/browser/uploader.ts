import "client-only"
import type { FileView, UploadView } from "#lib/files/file.ts"
import { backoffMs } from "./backoff.ts"
import { createMeter } from "./meter.ts"
import { randomId } from "./random-id.ts"
import {
  isActive,
  totalUploads,
  type Unfinished,
  type Upload,
  type UploadProblem,
  type UploadSource,
  type UploadTotals,
} from "./upload.ts"
import type { Answer, UploadTransport } from "./upload-transport.ts"

export type Uploads = {
  uploads: readonly Upload[]
  unfinished: readonly Unfinished[]
  totals: UploadTotals
}

export type Uploader = {
  /** Queues files and begins. Returns their ids. */
  add(sources: readonly UploadSource[]): string[]
  pause(id?: string): void
  resume(id?: string): void
  /** Begins a failed one again, or a waiting one at once. Without an id: all of them. */
  retry(id?: string): void
  /** Stops, gives the file up in the app too, and forgets it. A stored one is only forgotten; without an id stored ones stay. */
  cancel(id?: string): void
  /** Takes stored uploads off the list; the files stay. */
  forget(ids: readonly string[]): void
  /** Asks the app which uploads it still waits for. Quiet when it cannot. */
  recall(): Promise<void>
  /** Goes on with a kept handle; needs a click. "pick": the file must be picked again. "changed": it is another file now. */
  goOn(fileId: string): Promise<"begun" | "pick" | "changed">
  /** Gives unfinished uploads up: the app forgets them. Without ids: all. */
  giveUp(fileIds?: readonly string[]): void
  /** Stops and forgets everything without telling the app: for another member in the same tab. */
  leave(): void
  snapshot(): Uploads
  /** Calls back after changes, at most ten times a second for progress. Returns how to stop. */
  subscribe(listener: () => void): () => void
}

type Options = {
  transport: UploadTransport
  /** Files on their way at the same time. */
  concurrency?: number
  /** Failures in a row after which a file waits for its member. */
  attempts?: number
  random?: () => number
}

/** `start` makes the file's row, `send` brings the bytes, `finish` has the app ask the store. */
type Stage = "start" | "send" | "finish"

type Entry = {
  source: UploadSource
  view: Upload
  stage: Stage
  fileId: string | null
  /** Used once: every retry asks for a fresh one. */
  fresh: UploadView | null
  failures: number
  run: AbortController | null
  meter: ReturnType<typeof createMeter>
}

type Failure = { problem: UploadProblem; final: boolean; retryAfterSeconds?: number | null }
type Step = { next: Stage } | { stored: FileView } | Failure

const PROGRESS_MS = 100

const EMPTY: Uploads = { uploads: [], unfinished: [], totals: totalUploads([], null) }

/** A queue that brings files to the store. It has no look and knows the outside only through its transport. */
export function createUploader({
  transport,
  concurrency = 3,
  attempts = 10,
  random = Math.random,
}: Options): Uploader {
  const entries = new Map<string, Entry>()
  const listeners = new Set<() => void>()
  const overall = createMeter()
  let current: Uploads = EMPTY
  let unfinished: readonly Unfinished[] = []
  let recalls = 0
  let stale = false
  let telling = false
  let timer: ReturnType<typeof setTimeout> | null = null
  /** Bytes that ever went out: falls never, unlike a file's own count. */
  let movedBytes = 0

  transport.onOnline(() => {
    for (const entry of entries.values()) {
      const code = entry.view.problem?.code
      if (entry.view.state === "waiting") wake(entry)
      if (entry.view.state === "failed" && code === "no_answer") requeue(entry)
    }
    pump()
  })

  function change(entry: Entry, patch: Partial<Upload>) {
    entry.view = { ...entry.view, ...patch }
    tell()
  }

  /** Once per turn, however much changed in it. */
  function tell() {
    stale = true
    if (telling) return
    telling = true
    queueMicrotask(() => {
      telling = false
      if (timer) clearTimeout(timer)
      timer = null
      for (const listener of listeners) listener()
    })
  }

  function tellSoon() {
    stale = true
    timer ??= setTimeout(tell, PROGRESS_MS)
  }

  function snapshot() {
    if (!stale) return current
    stale = false
    const uploads = Array.from(entries.values(), ({ view }) => view)
    const rate = uploads.some(isActive) ? overall.rate(Date.now()) : null
    current = { uploads, unfinished, totals: totalUploads(uploads, rate) }
    return current
  }

  /** Starts as many queued files as there is room for. */
  function pump() {
    let running = 0
    for (const entry of entries.values()) if (entry.run) running += 1
    for (const entry of entries.values()) {
      if (running >= concurrency) return
      if (entry.view.state !== "queued" || entry.run) continue
      running += 1
      void run(entry)
    }
  }

  async function run(entry: Entry) {
    const controller = new AbortController()
    entry.run = controller
    const { signal } = controller
    while (!signal.aborted) {
      const step = await take(entry, signal)
      if (signal.aborted) break
      if ("next" in step) entry.stage = step.next
      else if ("stored" in step) {
        const sentBytes = entry.view.size
        change(entry, { state: "stored", file: step.stored, sentBytes, bytesPerSecond: null })
        break
      } else if (!(await mayGoOn(entry, step, signal))) break
    }
    // A pause or cancel may already have begun another run.
    if (entry.run === controller) entry.run = null
    pump()
  }

  function take(entry: Entry, signal: AbortSignal): Promise<Step> {
    if (entry.stage === "start") return start(entry, signal)
    if (entry.stage === "send") return send(entry, signal)
    return finish(entry)
  }

  async function start(entry: Entry, signal: AbortSignal): Promise<Step> {
    change(entry, { state: "starting", problem: null, retryAt: null })
    if (!(await transport.isReadable(entry.source.body))) return unreadable
    // Not abortable: a row that was made must be known, to give it up.
    const answer = await transport.start(entry.source, { fingerprint: null, sha256: null })
    if (!answer.ok) return refusal(answer)
    const { file, upload } = answer.value
    if (signal.aborted && (entry.run || !entries.has(entry.view.id))) {
      // Cancelled, or paused and resumed, while the app was making the row.
      transport.abandon(file.id)
      return { next: "start" }
    }
    entry.fileId = file.id
    change(entry, { fileId: file.id })
    entry.fresh = upload
    entry.stage = "send"
    return { next: "send" }
  }

  async function send(entry: Entry, signal: AbortSignal): Promise<Step> {
    const { fileId } = entry
    if (!fileId) return { next: "start" }
    change(entry, { state: "sending", problem: null, retryAt: null, sentBytes: 0 })
    if (!(await transport.isReadable(entry.source.body))) return unreadable

    let upload = entry.fresh
    entry.fresh = null
    if (!upload) {
      const answer = await transport.sign(fileId)
      if (!answer.ok && answer.status === 404) {
        // The app gave the file up in the meantime.
        entry.fileId = null
        return { next: "start" }
      }
      // The bytes are there and only the answer was lost.
      if (!answer.ok && answer.status === 409) return { next: "finish" }
      if (!answer.ok) return refusal(answer)
      upload = answer.value
    }
    if (signal.aborted) return { next: "send" }
    if (upload.method !== "put") {
      return { problem: { code: "refused", message: null }, final: true }
    }

    let counted = 0
    const answer = await transport.put({
      url: upload.url,
      headers: upload.headers,
      body: entry.source.body,
      signal,
      onProgress(sentBytes) {
        if (signal.aborted) return
        const now = Date.now()
        movedBytes += Math.max(0, sentBytes - counted)
        counted = sentBytes
        entry.meter.add(now, sentBytes)
        overall.add(now, movedBytes)
        entry.view = { ...entry.view, sentBytes, bytesPerSecond: entry.meter.rate(now) }
        tellSoon()
      },
    })
    // 412: the URL never overwrites, so an earlier attempt had arrived whole.
    if (answer.ok || answer.status === 412) return { next: "finish" }
    entry.meter.reset()
    return putFailure(answer, transport.isOnline())
  }

  async function finish(entry: Entry): Promise<Step> {
    if (!entry.fileId) return { next: "start" }
    change(entry, { state: "finishing", problem: null, retryAt: null, bytesPerSecond: null })
    const answer = await transport.finish(entry.fileId, null)
    if (answer.ok) return { stored: answer.value }
    // The store has not got these bytes after all.
    if (answer.status === 409) {
      entry.stage = "send"
      return { ...refusal(answer), final: false }
    }
    return refusal(answer)
  }

  /** Waits out a failure; false when the file has to wait for its member. */
  async function mayGoOn(entry: Entry, failure: Failure, signal: AbortSignal) {
    const offline = !transport.isOnline()
    // Being offline is nobody's failure, and may last.
    if (!offline) entry.failures += 1
    const { problem } = failure
    if (failure.final || entry.failures >= attempts) {
      change(entry, { state: "failed", problem, retryAt: null, bytesPerSecond: null })
      return false
    }
    const asked = (failure.retryAfterSeconds ?? 0) * 1_000
    const delay = Math.max(asked, backoffMs(Math.max(1, entry.failures), random))
    change(entry, {
      state: "waiting",
      problem: offline ? { code: "offline", message: null } : problem,
      retryAt: offline ? null : Date.now() + delay,
      bytesPerSecond: null,
    })
    await pass(entry, signal, offline ? null : delay)
    return true
  }

  const wakers = new Map<Entry, () => void>()

  function pass(entry: Entry, signal: AbortSignal, delay: number | null) {
    return new Promise<void>((resolve) => {
      const done = () => {
        if (timeout) clearTimeout(timeout)
        wakers.delete(entry)
        signal.removeEventListener("abort", done)
        resolve()
      }
      const timeout = delay === null ? null : setTimeout(done, delay)
      wakers.set(entry, done)
      signal.addEventListener("abort", done, { once: true })
    })
  }

  const wake = (entry: Entry) => wakers.get(entry)?.()

  function requeue(entry: Entry) {
    entry.failures = 0
    change(entry, { state: "queued", problem: null, retryAt: null, bytesPerSecond: null })
  }

  function stop(entry: Entry) {
    const { run: controller } = entry
    entry.run = null
    controller?.abort()
    entry.meter.reset()
  }

  /** One, or all. */
  function each(id: string | undefined, act: (entry: Entry) => void) {
    const one = id === undefined ? null : entries.get(id)
    for (const entry of one ? [one] : id === undefined ? Array.from(entries.values()) : [])
      act(entry)
    pump()
    tell()
  }

  return {
    add(sources) {
      const ids = sources.map((source) => {
        const id = randomId()
        entries.set(id, {
          source,
          view: toView(id, source),
          stage: "start",
          fileId: null,
          fresh: null,
          failures: 0,
          run: null,
          meter: createMeter(),
        })
        return id
      })
      pump()
      tell()
      return ids
    },

    pause: (id) =>
      each(id, (entry) => {
        // What is being finished is as good as stored.
        if (!isActive(entry.view) || entry.view.state === "finishing") return
        stop(entry)
        change(entry, { state: "paused", problem: null, retryAt: null, bytesPerSecond: null })
      }),

    resume: (id) =>
      each(id, (entry) => {
        if (entry.view.state === "paused") requeue(entry)
      }),

    retry: (id) =>
      each(id, (entry) => {
        if (entry.view.state === "failed") requeue(entry)
        if (entry.view.state === "waiting") wake(entry)
      }),

    cancel: (id) =>
      each(id, (entry) => {
        const isStored = entry.view.state === "stored"
        if (isStored && id === undefined) return
        entries.delete(entry.view.id)
        if (isStored) return
        stop(entry)
        if (entry.fileId) transport.abandon(entry.fileId)
      }),

    forget(ids) {
      for (const id of ids) if (entries.get(id)?.view.state === "stored") entries.delete(id)
      tell()
    },

    async recall() {
      const call = ++recalls
      const answer = await transport.listUnfinished()
      if (!answer.ok) return
      const ours = () => new Set(Array.from(entries.values(), ({ fileId }) => fileId))
      const lost = answer.value.filter(({ id, fingerprint }) => fingerprint && !ours().has(id))
      const listed: Unfinished[] = []
      for (const { id: fileId, name, path, size, createdAt: startedAt } of lost) {
        const parts = await transport.listParts(fileId)
        const storedBytes = parts.ok ? parts.value.reduce((sum, part) => sum + part.size, 0) : 0
        listed.push({ fileId, name, path, size, storedBytes, startedAt, kept: false })
      }
      if (call !== recalls) return
      unfinished = listed.filter(({ fileId }) => !ours().has(fileId))
      tell()
    },

    goOn: async () => "pick",

    giveUp(fileIds = unfinished.map(({ fileId }) => fileId)) {
      const given = new Set(fileIds)
      for (const { fileId } of unfinished) if (given.has(fileId)) transport.abandon(fileId)
      unfinished = unfinished.filter(({ fileId }) => !given.has(fileId))
      tell()
    },

    leave() {
      recalls += 1
      for (const entry of entries.values()) stop(entry)
      entries.clear()
      unfinished = []
      tell()
    },

    snapshot,

    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function toView(id: string, { name, path, contentType, body }: UploadSource): Upload {
  return {
    id,
    fileId: null,
    name,
    path,
    size: body.size,
    contentType,
    state: "queued",
    sentBytes: 0,
    bytesPerSecond: null,
    retryAt: null,
    problem: null,
    resumable: false,
    file: null,
  }
}

const unreadable: Failure = { problem: { code: "unreadable", message: null }, final: true }

/** The app's own no is final, unless it says it is busy. */
function refusal({ status, message, retryAfterSeconds }: Answer<unknown> & { ok: false }): Failure {
  if (status === 0) return { problem: { code: "no_answer", message: null }, final: false }
  if (status === 429 || status >= 500)
    return { problem: { code: "busy", message }, final: false, retryAfterSeconds }
  return { problem: { code: "refused", message }, final: true }
}

type PutAnswer = Awaited<ReturnType<UploadTransport["put"]>> & { ok: false }

function putFailure({ status }: PutAnswer, online: boolean): Failure {
  const because = (code: UploadProblem["code"], final = false): Failure => ({
    problem: { code, message: null },
    final,
  })
  if (status === "stalled") return because("stalled")
  if (status === 0 || status === "aborted") return because(online ? "no_answer" : "offline")
  if (status === 408 || status === 429 || status >= 500) return because("busy")
  // 403 is an expired URL; anything else says that the request itself is wrong.
  return because("store_refused", status !== 403)
}
