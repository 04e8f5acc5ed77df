import "client-only"
import { createSlots } from "./concurrency.ts"
import { createTries } from "./failure.ts"
import { samplesOf } from "./fingerprint.ts"
import type { KeptHandles } from "./handle-store.ts"
import type { Hasher } from "./hasher.ts"
import { createRenewal } from "./lease-renewal.ts"
import { randomId } from "./random-id.ts"
import { createMeter } from "./rate-meter.ts"
import { announceUpload, runUpload } from "./run-upload.ts"
import { adopt } from "./start-upload.ts"
import { createTeller } from "./throttled-notifier.ts"
import { createUnfinished } from "./unfinished-list.ts"
import {
  isActive,
  totalUploads,
  type Unfinished,
  type Upload,
  type UploadSource,
  type UploadTotals,
} from "./upload.ts"
import { type RunWorld, settle } from "./upload-context.ts"
import { createEntry, type Entry } from "./upload-entry.ts"
import type { UploadLocks } from "./upload-locks.ts"
import type { UploadTransport } from "./upload-transport.ts"
import { createPatience } from "./wakeable-wait.ts"

export type Uploads = {
  uploads: readonly Upload[]
  unfinished: readonly Unfinished[]
  totals: UploadTotals
}

export type Uploader = {
  /** Queues files and begins; one that the app still waits for is continued. Returns their ids. */
  add(sources: readonly UploadSource[]): string[]
  /** Has the app make the files of all that wait for their turn, so that a link can hold them. Those it refuses say so at their turn. */
  announce(): Promise<void>
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
  /** Calls back after changes, at most four times a second. Returns how to stop. */
  subscribe(listener: () => void): () => void
}

type Options = {
  transport: UploadTransport
  hasher: Hasher
  locks: UploadLocks
  handles: KeptHandles
  /** Files on their way at the same time. */
  concurrency?: number
  /** Requests to the store at the same time, of all files together. */
  requests?: number
  /** Failures in a row after which a file waits for its member. */
  attempts?: number
  random?: () => number
}

const ANNOUNCED_AT_ONCE = 4

const EMPTY: Uploads = { uploads: [], unfinished: [], totals: totalUploads([], null) }

/** A queue that brings files to the store. It has no look and knows the outside only through its options. */
export function createUploader({
  concurrency = 6,
  requests = 5,
  attempts = 10,
  random = Math.random,
  ...outside
}: Options): Uploader {
  const { transport, hasher, handles } = outside
  const entries = new Map<string, Entry>()
  const patience = createPatience<Entry>()
  const overall = createMeter()
  const teller = createTeller()
  let current: Uploads | null = EMPTY
  /** Bytes that ever went out: falls never, unlike a file's own count. */
  let movedBytes = 0

  const tell = () => {
    current = null
    teller.tell()
  }
  const newTries = () => createTries({ attempts, isOnline: transport.isOnline, random })

  const unfinished = createUnfinished({
    ...outside,
    isOurs: (fileId) => Array.from(entries.values()).some((entry) => entry.fileId === fileId),
    onChange: tell,
  })

  const renewal = createRenewal(transport, () =>
    Array.from(entries.values()).flatMap(({ fileId, view }) =>
      fileId !== null && view.state !== "stored" ? [fileId] : [],
    ),
  )

  const world: RunWorld = {
    ...outside,
    unfinished,
    slots: createSlots(requests),
    newTries,
    change,
    progress,
    wait: (entry, { ms }, signal) => patience.wait(entry, ms, signal),
    holds: (entry) => entries.get(entry.view.id) === entry,
  }

  transport.onOnline(() => {
    for (const entry of entries.values()) {
      const code = entry.view.problem?.code
      if (entry.view.state === "failed" && (code === "no_answer" || code === "stalled"))
        requeue(entry)
    }
    patience.wakeAll()
    pump()
  })

  function change(entry: Entry, patch: Partial<Upload>) {
    entry.view = { ...entry.view, ...patch }
    if (patch.fileId) renewal.watch()
    tell()
  }

  function progress(entry: Entry, sentBytes: number) {
    const now = Date.now()
    const moved = Math.max(0, sentBytes - entry.view.sentBytes)
    entry.movedBytes += moved
    movedBytes += moved
    entry.meter.add(now, entry.movedBytes)
    overall.add(now, movedBytes)
    change(entry, { sentBytes, bytesPerSecond: entry.meter.rate(now) })
  }

  function snapshot() {
    if (current) return current
    const uploads = Array.from(entries.values(), ({ view }) => view)
    const rate = uploads.some(isActive) ? overall.rate(Date.now()) : null
    current = { uploads, unfinished: unfinished.list(), totals: totalUploads(uploads, rate) }
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
    await runUpload(entry, controller.signal, world)
    // A pause or cancel may already have begun another run.
    if (entry.run === controller) entry.run = null
    pump()
  }

  const isUnannounced = ({ view, fileId, run }: Entry) =>
    view.state === "queued" && fileId === null && run === null

  async function announce(entry: Entry) {
    const controller = new AbortController()
    entry.run = controller
    await announceUpload(entry, controller.signal, world)
    if (entry.run === controller) entry.run = null
    pump()
  }

  /** Resolves when the app has answered for every file it was just asked to make. */
  function untilStarted() {
    const isAsked = ({ view, fileId }: Entry) => view.state === "starting" && fileId === null
    return new Promise<void>((resolve) => {
      const look = () => {
        if (Array.from(entries.values()).some(isAsked)) return
        unsubscribe()
        resolve()
      }
      const unsubscribe = teller.subscribe(look)
      look()
    })
  }

  function requeue(entry: Entry) {
    entry.tries.reset()
    change(entry, { state: "queued", problem: null, retryAt: null, bytesPerSecond: null })
  }

  function stop(entry: Entry) {
    const { run: controller } = entry
    entry.run = null
    controller?.abort()
    // The last parts may have arrived all the same.
    entry.stored = null
    entry.meter.reset()
  }

  function end(entry: Entry) {
    entries.delete(entry.view.id)
    entry.life.abort()
    stop(entry)
  }

  function newEntry(source: UploadSource) {
    const entry = createEntry(randomId(), source, newTries())
    entries.set(entry.view.id, entry)
    return entry
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
      const ids = sources.map((source) => newEntry(source).view.id)
      pump()
      tell()
      return ids
    },

    async announce() {
      const waiting = Array.from(entries.values()).values()
      const one = async () => {
        for (const entry of waiting) if (isUnannounced(entry)) await announce(entry)
      }
      await Promise.all(Array.from({ length: ANNOUNCED_AT_ONCE }, one))
      await untilStarted()
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
        if (entry.view.state === "waiting") patience.wake(entry)
      }),

    cancel: (id) =>
      each(id, (entry) => {
        const isStored = entry.view.state === "stored"
        if (isStored && id === undefined) return
        end(entry)
        if (isStored) return
        settle(entry, world)
        if (entry.fileId) transport.abandon(entry.fileId)
      }),

    forget(ids) {
      for (const id of ids) if (entries.get(id)?.view.state === "stored") entries.delete(id)
      tell()
    },

    recall: unfinished.recall,

    async goOn(fileId) {
      const lost = unfinished.find(fileId)
      const handle = await handles.find(fileId)
      const body = lost && handle && (await openHandle(handle))
      if (!body) return "pick"
      const fingerprint = await hasher.part(samplesOf(body.name, body))
      if (body.size !== lost.size || fingerprint !== lost.fingerprint) return "changed"
      // A second click, or the same file picked meanwhile.
      if (!unfinished.take(fileId)) return "begun"
      const { name, path } = lost
      const entry = newEntry({ name, path, contentType: body.type, body, handle })
      entry.adopting = adopt(entry, fileId, world)
      await entry.adopting
      entry.adopting = null
      pump()
      tell()
      return "begun"
    },

    giveUp(fileIds) {
      unfinished.giveUp(new Set(fileIds ?? unfinished.list().map((one) => one.fileId)))
    },

    leave() {
      for (const entry of Array.from(entries.values())) {
        end(entry)
        entry.unlock?.()
      }
      unfinished.clear()
      tell()
    },

    snapshot,
    subscribe: teller.subscribe,
  }
}

/** The file as it is now, or null when the browser may not or cannot read it. */
async function openHandle(handle: FileSystemFileHandle) {
  try {
    const asked = (await handle.requestPermission?.({ mode: "read" })) ?? "granted"
    return asked === "granted" ? await handle.getFile() : null
  } catch {
    return null
  }
}
