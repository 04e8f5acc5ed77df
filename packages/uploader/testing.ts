import { vi } from "vitest"
import type { FileView, UploadView } from "#lib/files/file.ts"
import type { KeptHandles } from "./handle-store.ts"
import type { Hasher } from "./hasher.ts"
import type { UploadSource } from "./upload.ts"
import type { UploadLocks } from "./upload-locks.ts"
import type {
  Answer,
  PartAddress,
  PutAnswer,
  PutRequest,
  UploadTransport,
} from "./upload-transport.ts"

export const ok = <Value>(value: Value): Answer<Value> => ({ ok: true, value })

export const no = (
  status: number,
  message: string | null = null,
  retryAfterSeconds: number | null = null,
): Answer<never> & { ok: false } => ({ ok: false, status, message, retryAfterSeconds })

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

export const aView = (id: string, more: Partial<FileView> = {}): FileView => ({
  id,
  name: id,
  path: "",
  size: 4,
  contentType: "text/plain",
  status: "uploading",
  sha256: null,
  fingerprint: null,
  createdAt: "2026-11-24T00:00:00Z",
  ...more,
})

type Waiting = { request: PutRequest; answer: (answer: PutAnswer) => void }

/** An app, a store and a browser that do what a test tells them. Files are as long as the test says; ids are their names. */
export function aWorld() {
  let count = 0
  let online = true
  let back: (() => void) | null = null
  const urls: string[] = []
  const waiting: Waiting[] = []
  /** What the store has, by file. */
  const inStore = new Map<string, Set<number>>()
  const partsOf = (fileId: string) => {
    const parts = inStore.get(fileId) ?? new Set()
    inStore.set(fileId, parts)
    return parts
  }
  let parts: { partSize: number; checksums: boolean } | null = null
  const measures = new Map<string, number>()
  const address = (fileId: string): UploadView => {
    if (!parts) return { method: "put", url: `https://store/${++count}`, headers: {} }
    const partCount = Math.max(1, Math.ceil((measures.get(fileId) ?? 0) / parts.partSize))
    return { method: "multipart", partCount, ...parts }
  }
  const sizeOf = (fileId: string, partNumber: number) => {
    const { partSize = 0 } = parts ?? {}
    return Math.min(partSize, (measures.get(fileId) ?? 0) - (partNumber - 1) * partSize)
  }

  const transport = {
    start: vi.fn<UploadTransport["start"]>(async ({ name, body }, { fingerprint }) => {
      measures.set(name, body.size)
      return ok({ file: aView(name, { size: body.size, fingerprint }), upload: address(name) })
    }),
    sign: vi.fn<UploadTransport["sign"]>(async (fileId) => ok(address(fileId))),
    signParts: vi.fn<UploadTransport["signParts"]>(async (fileId, asked) =>
      ok(
        asked.map(({ partNumber, sha256 }): PartAddress => {
          const url = `https://store/${fileId}/${partNumber}?${++count}`
          return { partNumber, url, headers: sha256 ? { digest: sha256 } : {} }
        }),
      ),
    ),
    listParts: vi.fn<UploadTransport["listParts"]>(async (fileId) =>
      ok(
        Array.from(partsOf(fileId), (partNumber) => ({
          partNumber,
          size: sizeOf(fileId, partNumber),
        })),
      ),
    ),
    listUnfinished: vi.fn<UploadTransport["listUnfinished"]>(async () => ok([])),
    finish: vi.fn<UploadTransport["finish"]>(async (id) => ok(aView(id, { status: "ready" }))),
    abandon: vi.fn<UploadTransport["abandon"]>(),
    isReadable: vi.fn<UploadTransport["isReadable"]>(async () => true),
    isOnline: () => online,
    onOnline(listener: () => void) {
      back = listener
    },
    put(request: PutRequest) {
      urls.push(request.url)
      return new Promise<PutAnswer>((resolve) => {
        const one: Waiting = {
          request,
          answer(answer) {
            const at = waiting.indexOf(one)
            if (at >= 0) waiting.splice(at, 1)
            const [, fileId, partNumber] = partIn(request.url) ?? []
            if (answer.ok && fileId) partsOf(fileId).add(Number(partNumber))
            resolve(answer)
          },
        }
        request.signal.addEventListener("abort", () => one.answer({ ok: false, status: "aborted" }))
        waiting.push(one)
      })
    },
  }

  const hasher = {
    part: vi.fn<Hasher["part"]>(async (body) => `hash of ${await body.text()}`),
    whole: vi.fn<Hasher["whole"]>(async () => "hash of all"),
  }
  const kept = new Map<string, FileSystemFileHandle>()
  const handles: KeptHandles = {
    keep: async (fileId, handle) => void kept.set(fileId, handle),
    find: async (fileId) => kept.get(fileId) ?? null,
    drop: async (fileId) => void kept.delete(fileId),
    fileIds: async () => Array.from(kept.keys()),
  }

  const locks = someLocks()
  const onTheWay = () => waiting.map(({ request }) => Number(partIn(request.url)?.[2]))
  return {
    /** What the uploader gets. */
    outside: { transport, hasher, handles, locks },
    ...transport,
    hasher,
    kept,
    inStore,
    waiting,
    urls,
    locks,
    /** From now on files go in parts. */
    inParts(partSize: number, checksums = false) {
      parts = { partSize, checksums }
    },
    /** A file that an earlier page began. */
    began(fileId: string, size: number, partNumbers: number[]) {
      measures.set(fileId, size)
      inStore.set(fileId, new Set(partNumbers))
    },
    /** Numbers of the parts on their way, in the order of their leaving. */
    onTheWay,
    /** Answers the PUT that waits longest. */
    async answer(answer: PutAnswer) {
      waiting[0]?.answer(answer)
      await settle()
    },
    async answerPart(partNumber: number, answer: PutAnswer) {
      waiting[onTheWay().indexOf(partNumber)]?.answer(answer)
      await settle()
    },
    disconnect() {
      online = false
    },
    async reconnect() {
      online = true
      back?.()
      await settle()
    },
  }
}

const partIn = (url: string) => /store\/([^/]+)\/(\d+)\?/.exec(url)

/** The locks of one browser, for all of its tabs. */
export function someLocks(): UploadLocks & { held: Set<string> } {
  const held = new Set<string>()
  return {
    held,
    async take(fileId) {
      if (held.has(fileId)) return null
      held.add(fileId)
      return () => held.delete(fileId)
    },
    taken: async () => new Set(held),
  }
}
