import { vi } from "vitest"
import type { TabLocks } from "../transfer/tab-locks.ts"
import type { Hasher } from "./hashing/hasher.ts"
import type { HandleStore } from "./picking/handle-store.ts"
import type {
  NewFile,
  PutAnswer,
  PutRequest,
  UploadTransport,
} from "./transport/upload-transport.ts"
import type { UploadSource } from "./upload.ts"
import type {
  Answer,
  FailedAnswer,
  FileRecord,
  PartToSign,
  PartUrl,
  StartedFile,
  UploadInstructions,
} from "./upload-protocol.ts"

export const ok = <Value>(value: Value): Answer<Value> => ({ ok: true, value })

export const no = (
  status: number,
  message: string | null = null,
  retryAfterSeconds: number | null = null,
): FailedAnswer => ({ ok: false, status, message, retryAfterSeconds })

export const stored: PutAnswer = { ok: true, value: null }

export const settle = async () => {
  await vi.advanceTimersByTimeAsync(0)
}

export const aFile = (name = "a.txt", content = "four"): UploadSource => ({
  name,
  path: "",
  contentType: "text/plain",
  body: new Blob([content]),
})

export const aRecord = (id: string, more: Partial<FileRecord> = {}): FileRecord => ({
  id,
  name: id,
  path: "",
  size: 4,
  contentType: "text/plain",
  status: "uploading",
  heldFor: null,
  notScanned: false,
  sha256: null,
  sha256Verified: false,
  fingerprint: null,
  hasThumbnail: false,
  createdAt: "2026-11-24T00:00:00Z",
  ...more,
})

/** Everything around an uploader, controlled by the test. The app uses a file's name as its id. */
export function anEnvironment() {
  const connection = aConnection()
  const store = aFakeStore()
  const { start, ...app } = anApp(store)
  /** The names of the files of each call. */
  const batches: string[][] = []
  const transport: UploadTransport = {
    ...app,
    ...connection.calls,
    put: store.put,
    async start(files) {
      batches.push(files.map(({ source }) => source.name))
      return ok(await Promise.all(files.map((file) => start(file))))
    },
  }
  const hasher = {
    part: vi.fn<Hasher["part"]>(async (body) => `hash of ${await body.text()}`),
    whole: vi.fn<Hasher["whole"]>(async () => "hash of all"),
  }
  const savedHandles = new Map<string, FileSystemFileHandle>()
  const locks = tabLocks()
  return {
    /** The options of createUploader. */
    options: { transport, hasher, handles: aHandleStore(savedHandles), locks },
    ...app,
    /** The app's answer to one file of a batch. */
    start,
    batches,
    hasher,
    savedHandles,
    locks,
    storedParts: store.parts,
    pendingPuts: store.pendingPuts,
    /** The URL of every PUT so far. */
    urls: store.urls,
    /** From now on files are sent in parts. */
    sendInParts: store.sendInParts,
    /** Adds a file that an earlier page started. */
    startedBefore(fileId: string, size: number, partNumbers: number[]) {
      store.sizes.set(fileId, size)
      store.parts.set(fileId, new Set(partNumbers))
    },
    partsInFlight: store.partsInFlight,
    /** Answers the oldest pending PUT. */
    async answer(answer: PutAnswer) {
      store.pendingPuts[0]?.answer(answer)
      await settle()
    },
    async answerPart(partNumber: number, answer: PutAnswer) {
      store.pendingPuts[store.partsInFlight().indexOf(partNumber)]?.answer(answer)
      await settle()
    },
    disconnect: connection.disconnect,
    async reconnect() {
      connection.reconnect()
      await settle()
    },
  }
}

type Store = ReturnType<typeof aFakeStore>

/** The app's side of the transport. Every call is a mock; `start` is about one file. */
function anApp(store: Store) {
  return {
    start: vi.fn(async ({ source, digests }: NewFile): Promise<Answer<StartedFile>> => {
      const { name, body } = source
      const { fingerprint } = digests
      const { size } = body
      store.sizes.set(name, size)
      return ok({ file: aRecord(name, { size, fingerprint }), upload: store.instructions(name) })
    }),
    renew: vi.fn<UploadTransport["renew"]>(async (fileId) => ok(store.instructions(fileId))),
    signParts: vi.fn<UploadTransport["signParts"]>(async (fileId, parts) =>
      ok(parts.map((part) => store.partUrl(fileId, part))),
    ),
    listParts: vi.fn<UploadTransport["listParts"]>(async (fileId) => ok(store.list(fileId))),
    listUnfinished: vi.fn<UploadTransport["listUnfinished"]>(async () => ok([])),
    finish: vi.fn<UploadTransport["finish"]>(async (id) => ok(aRecord(id, { status: "ready" }))),
    heartbeat: vi.fn<UploadTransport["heartbeat"]>(),
    abandon: vi.fn<UploadTransport["abandon"]>(),
    isReadable: vi.fn<UploadTransport["isReadable"]>(async () => true),
  }
}

type PendingPut = { request: PutRequest; answer: (answer: PutAnswer) => void }

/** A store whose PUTs stay pending until the test answers them. */
function aFakeStore() {
  let signed = 0
  let layout: { partSize: number; checksums: boolean } | null = null
  const urls: string[] = []
  const pendingPuts: PendingPut[] = []
  /** Sizes of started files, by id. */
  const sizes = new Map<string, number>()
  /** Numbers of the stored parts, by file id. */
  const parts = new Map<string, Set<number>>()
  const partsOf = (fileId: string) => {
    const stored = parts.get(fileId) ?? new Set()
    parts.set(fileId, stored)
    return stored
  }
  return {
    urls,
    pendingPuts,
    sizes,
    parts,
    sendInParts(partSize: number, checksums = false) {
      layout = { partSize, checksums }
    },
    instructions(fileId: string): UploadInstructions {
      if (!layout) return { method: "put", url: `https://store/${++signed}`, headers: {} }
      const partCount = Math.max(1, Math.ceil((sizes.get(fileId) ?? 0) / layout.partSize))
      return { method: "multipart", partCount, ...layout }
    },
    partUrl(fileId: string, { partNumber, sha256 }: PartToSign): PartUrl {
      const url = `https://store/${fileId}/${partNumber}?${++signed}`
      return { partNumber, url, headers: sha256 ? { digest: sha256 } : {} }
    },
    list(fileId: string) {
      const { partSize = 0 } = layout ?? {}
      return Array.from(partsOf(fileId), (partNumber) => ({
        partNumber,
        size: Math.min(partSize, (sizes.get(fileId) ?? 0) - (partNumber - 1) * partSize),
      }))
    },
    /** Numbers of the parts in flight, in the order they were sent. */
    partsInFlight: () => pendingPuts.map(({ request }) => Number(partIn(request.url)?.[2])),
    put(request: PutRequest) {
      urls.push(request.url)
      return new Promise<PutAnswer>((resolve) => {
        const pending: PendingPut = {
          request,
          answer(answer) {
            const at = pendingPuts.indexOf(pending)
            if (at >= 0) pendingPuts.splice(at, 1)
            const [, fileId, partNumber] = partIn(request.url) ?? []
            if (answer.ok && fileId) partsOf(fileId).add(Number(partNumber))
            resolve(answer)
          },
        }
        const abort = () => pending.answer({ ok: false, status: "aborted" })
        request.signal.addEventListener("abort", abort)
        pendingPuts.push(pending)
      })
    },
  }
}

const partIn = (url: string) => /store\/([^/]+)\/(\d+)\?/.exec(url)

function aConnection() {
  let isOnline = true
  let onReturn: (() => void) | null = null
  return {
    calls: {
      isOnline: () => isOnline,
      onOnline(listener: () => void) {
        onReturn = listener
      },
    },
    disconnect() {
      isOnline = false
    },
    reconnect() {
      isOnline = true
      onReturn?.()
    },
  }
}

const aHandleStore = (saved: Map<string, FileSystemFileHandle>): HandleStore => ({
  save: async (fileId, handle) => void saved.set(fileId, handle),
  find: async (fileId) => saved.get(fileId) ?? null,
  delete: async (fileId) => void saved.delete(fileId),
  fileIds: async () => Array.from(saved.keys()),
})

/** The locks of one browser, for all of its tabs. */
function tabLocks(): TabLocks & { locked: Set<string> } {
  const locked = new Set<string>()
  return {
    locked,
    async acquire(fileId) {
      if (locked.has(fileId)) return null
      locked.add(fileId)
      return () => locked.delete(fileId)
    },
    held: async () => new Set(locked),
  }
}
