import { createHash, randomBytes } from "node:crypto"
import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { Socket } from "node:net"
import type { Address, AddressRefusal } from "./fetching/download-addresses.ts"
import type { SavedDownload, SavedDownloads } from "./saving/saved-downloads.ts"
import type { TargetFile } from "./saving/sink-host.ts"
import { createSinkHost, type SinkRequest } from "./saving/sink-host.ts"
import type { Target } from "./saving/target.ts"

export const MIB = 1024 ** 2

/** A fault of the store for one request. `stall`: it sends some bytes and then nothing more. */
type Fault = { drop: number } | { stall: number } | { status: number } | "hang up"

type Served = {
  from: number
  to: number
  ifRange: string | undefined
  status: number
  /** Bytes of the body that were sent. */
  sent: number
}

export const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

const bytesOfSize = new Map<number, Uint8Array<ArrayBuffer>>()

/**
 * Random bytes, made once per size and shared by stores: tests replace bytes, never change them.
 */
function someBytes(size: number) {
  const bytes = bytesOfSize.get(size) ?? new Uint8Array(randomBytes(size))
  bytesOfSize.set(size, bytes)
  return bytes
}

/**
 * A store with one object and an app that hands out its addresses. An address has a number and
 * works until `lapse` is called; after `moveTo` the object is under another key.
 */
export async function aStore(size: number) {
  const store = {
    bytes: someBytes(size),
    etag: '"one"',
    key: "/first",
    /** Each fault affects one request. */
    faults: [] as Fault[],
    /** The first byte that is not sent: an answer that reaches it stalls. */
    heldFrom: Number.POSITIVE_INFINITY,
    served: [] as Served[],
    minted: 0,
    /** Answers of the app in place of an address, each for one call. */
    refusals: [] as AddressRefusal[],
    /** The lifetime that an address states. */
    expiresAt: undefined as (() => number) | undefined,
    maxAtOnce: 0,
    /** Bytes sent after the object, as if it were longer. */
    excess: 0,
  }
  let usableFrom = 1
  let isCut = false
  let open = 0
  const sockets = new Set<Socket>()

  function answer(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? "/", "http://store")
    const [, first = "", last = ""] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? []
    const isRange = request.headers.range !== undefined
    const served: Served = {
      from: Number(first),
      to: isRange ? Number(last) + 1 : store.bytes.length,
      status: 0,
      sent: 0,
      ifRange: request.headers["if-range"]?.toString(),
    }
    store.served.push(served)
    store.maxAtOnce = Math.max(store.maxAtOnce, ++open)
    response.once("close", () => {
      open -= 1
    })
    const fault = store.faults.shift()
    if (fault === "hang up") return request.socket.destroy()
    const say = (status: number, headers: Record<string, string> = {}) => {
      served.status = status
      response.writeHead(status, { ETag: store.etag, ...headers })
      return response
    }
    if (fault && "status" in fault) return void say(fault.status).end()
    if (Number(url.searchParams.get("n")) < usableFrom) return void say(403).end()
    if (url.pathname !== store.key) return void say(404).end()
    if (served.ifRange && served.ifRange !== store.etag) {
      return void say(200, { "Content-Length": `${store.bytes.length}` }).end(store.bytes)
    }
    if (isRange && served.from >= store.bytes.length) return void say(416).end()
    const part = store.bytes.subarray(served.from, served.to)
    const body = store.excess > 0 ? Buffer.concat([part, Buffer.alloc(store.excess)]) : part
    say(isRange ? 206 : 200, {
      ...(store.excess === 0 && { "Content-Length": `${body.length}` }),
      ...(isRange && {
        "Content-Range": `bytes ${first}-${served.from + part.length - 1}/${store.bytes.length}`,
      }),
    })
    void send(response, body, fault, served)
  }

  async function send(
    response: ServerResponse,
    body: Uint8Array,
    fault: Exclude<Fault, { status: number } | "hang up"> | undefined,
    served: Served,
  ) {
    const asked = fault ? ("drop" in fault ? fault.drop : fault.stall) : body.length
    const limit = Math.min(asked, store.heldFrom - served.from)
    for (let at = 0; at < limit; at += 256 * 1024) {
      const chunk = body.subarray(at, Math.min(limit, at + 256 * 1024))
      if (response.destroyed) return
      served.sent += chunk.length
      if (!response.write(chunk))
        await Promise.race([once(response, "drain"), once(response, "close")])
    }
    if (fault && "drop" in fault) response.destroy()
    // A response that is left open after its last byte would block its connection.
    else if (limit >= body.length) response.end()
  }

  const server = createServer((request, response) => {
    response.setMaxListeners(0)
    answer(request, response)
  })
  server.on("connection", (socket) => {
    if (isCut) return socket.destroy()
    sockets.add(socket)
    socket.on("error", () => {})
    socket.once("close", () => sockets.delete(socket))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const at = server.address()
  const port = typeof at === "object" && at ? at.port : 0

  return Object.assign(store, {
    async freshUrl(): Promise<Address | AddressRefusal> {
      store.minted += 1
      const refusal = store.refusals.shift()
      if (refusal) return refusal
      const url = `http://127.0.0.1:${port}${store.key}?n=${store.minted}`
      return store.expiresAt ? { url, expiresAt: store.expiresAt() } : { url }
    },
    /** Lets addresses expire: from now on only those that are minted later work. */
    lapse() {
      usableFrom = store.minted + 1
    },
    /** Closes all connections and refuses new ones until the result is called. */
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
      return () => {
        isCut = false
      }
    },
    sentBytes: () => store.served.reduce((sum, { sent }) => sum + sent, 0),
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  })
}

export type Store = Awaited<ReturnType<typeof aStore>>

/** Reads a stream to its end. `onBytes` may slow it down. */
export async function readAll(
  stream: ReadableStream<Uint8Array>,
  onBytes: (total: number) => void | Promise<void> = () => {},
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    total += chunk.length
    await onBytes(total)
  }
  return Buffer.concat(chunks)
}

/** Private storage with one file. As on a disk, only flushed bytes survive a crash. */
export function aDisk(durable: Uint8Array<ArrayBuffer> = new Uint8Array(0)) {
  let open: Uint8Array<ArrayBuffer> | null = null
  const disk = {
    /** The number of bytes that fit; more are refused. */
    room: Number.POSITIVE_INFINITY,
    writes: [] as { at: number; length: number }[],
    flushes: 0,
    /** The number of buffers that the worker gave back. */
    freed: 0,
    bytes: () => durable,
    /** Changes stored bytes, as another program does. */
    damage(at: number) {
      durable[at] = (durable[at] ?? 0) ^ 1
    },
    /** The disk after a crash at this moment: bytes that were not flushed are lost. */
    crashed: () => aDisk(durable.slice()),
    async openFile(_: Target, keeps: boolean): Promise<TargetFile> {
      open = keeps ? durable.slice() : new Uint8Array(0)
      if (!keeps) durable = open
      const flush = async () => {
        if (open) durable = open.slice()
      }
      return {
        async write(at, bytes) {
          const to = at + bytes.length
          if (to > disk.room) throw new DOMException("full", "QuotaExceededError")
          if (open === null) open = durable.slice()
          if (to > open.length) open = grown(open, to)
          open.set(bytes, at)
          disk.writes.push({ at, length: bytes.length })
        },
        async flush() {
          disk.flushes += 1
          await flush()
        },
        async close() {
          await flush()
          open = null
        },
        read: async () => new File([durable], "film.mov"),
      }
    },
    storage: {
      getDirectory: async () => ({
        getDirectoryHandle: async () => ({
          getFileHandle: async () => ({ getFile: async () => new File([durable], "film.mov") }),
          removeEntry: async () => {},
        }),
      }),
    },
    /** A worker that writes to this disk. */
    createWorker(): Worker {
      const target = new EventTarget()
      const handle = createSinkHost(disk.openFile, (freed) => {
        disk.freed += 1
        const data = structuredClone({ freed }, { transfer: [freed] })
        target.dispatchEvent(new MessageEvent("message", { data }))
      })
      return Object.assign(target, {
        onmessage: null,
        onmessageerror: null,
        onerror: null,
        terminate: () => {},
        async postMessage(
          request: SinkRequest,
          options?: Transferable[] | StructuredSerializeOptions,
        ) {
          const transfer = Array.isArray(options) ? options : []
          const data = await handle(structuredClone(request, { transfer }))
          target.dispatchEvent(new MessageEvent("message", { data }))
        },
      })
    },
  }
  return disk
}

/** A longer view of the same buffer: a copy for each write would take too long. */
function grown(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (length <= bytes.buffer.byteLength) return new Uint8Array(bytes.buffer, 0, length)
  const larger = new Uint8Array(2 * length)
  larger.set(bytes)
  return larger.subarray(0, length)
}

type Saved = SavedDownloads & { records: Map<string, SavedDownload>; copy: () => Saved }

export function savedInMemory(records = new Map<string, SavedDownload>()): Saved {
  return {
    records,
    copy: () => savedInMemory(new Map(records)),
    save: async (download) => void records.set(download.file.key, { ...download }),
    find: async (key) => records.get(key) ?? null,
    delete: async (key) => void records.delete(key),
    list: async () => Array.from(records.values()),
  }
}

export function locksOfTabs() {
  const locked = new Set<string>()
  return {
    async acquire(key: string) {
      if (locked.has(key)) return null
      locked.add(key)
      return () => locked.delete(key)
    },
    held: async () => new Set(locked),
  }
}
