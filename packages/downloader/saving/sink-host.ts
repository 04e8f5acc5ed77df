import "client-only"
import { createWholeHash, type WholeHash } from "../../transfer/whole-hash.ts"
import { handleOf, type Target } from "./target.ts"

export type SinkRequest = { id: number } /** `keeps`: bytes of an earlier session stay. */ & (
  | { kind: "open"; target: Target; size: number; keeps: boolean }
  | { kind: "write"; at: number; bytes: Uint8Array<ArrayBuffer> }
  /** Makes the bytes written so far durable. */
  | { kind: "flush" }
  /** Closes the file after all bytes are written, and hashes the rest of it. */
  | { kind: "finish" }
  | { kind: "close" }
)

/** `error` is the name of a DOMException, such as QuotaExceededError. */
export type SinkResult = { id: number } & ({ sha256?: string | null } | { error: string })

/** A buffer whose bytes are no longer needed. */
export type FreedBuffer = { freed: ArrayBuffer }

/** The maximum bytes kept ahead of the hash: as far as ranges may be ahead, and some more. */
const EARLY_BYTES = 48 * 1024 ** 2

type Opened = { file: TargetFile; hash: WholeHash; size: number; stop: AbortController }

/**
 * Serves one download inside the worker: writes its bytes by position and hashes them. Passes
 * buffers that are no longer used to `onFreed`.
 */
export function createSinkHost(
  openFile = openTargetFile,
  onFreed: (buffer: ArrayBuffer) => void = () => {},
) {
  let opened: Opened | null = null

  async function act(request: SinkRequest): Promise<{ sha256?: string | null }> {
    if (request.kind === "open") {
      const file = await openFile(request.target, request.keeps)
      const hash = await createWholeHash(request.size, {
        earlyBytes: EARLY_BYTES,
        onUsed: ({ buffer }) => onFreed(buffer),
      })
      opened = { file, hash, size: request.size, stop: new AbortController() }
      return {}
    }
    if (!opened) throw new DOMException("no file is open", "InvalidStateError")
    const { file, hash } = opened
    switch (request.kind) {
      case "write":
        await file.write(request.at, request.bytes)
        hash.feed(request.bytes, request.at)
        return {}
      case "flush":
        await file.flush()
        return {}
      case "finish":
        return { sha256: await finish(opened) }
      case "close":
        opened = null
        await file.close()
        return {}
    }
  }

  let last: Promise<unknown> = Promise.resolve()

  /** Requests are served one after another. */
  return (request: SinkRequest): Promise<SinkResult> => {
    if (request.kind === "close") opened?.stop.abort()
    const result = last
      .then(() => act(request))
      .then(
        (value): SinkResult => ({ id: request.id, ...value }),
        (error): SinkResult => ({ id: request.id, error: nameOf(error) }),
      )
    last = result
    return result
  }
}

async function finish({ file, hash, size, stop }: Opened): Promise<string> {
  await file.close()
  const stored = await file.read()
  if (stored.size !== size) throw new DOMException("the file has another size", "DataError")
  await hash.readRest(stored, stop.signal)
  return hash.digest()
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : "Error")

export type TargetFile = {
  write(at: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Makes written bytes durable, so that they survive a crash of the browser. */
  flush(): Promise<void>
  /** Closes the file; may be called again. */
  close(): Promise<void>
  read(): Promise<File>
}

/** Opens a file for writing in place, in a worker. Without `keeps` it is emptied. */
async function openTargetFile(target: Target, keeps: boolean): Promise<TargetFile> {
  const handle = await handleOf(target, !keeps)
  const access = await handle.createSyncAccessHandle?.()
  if (!access) throw new DOMException("this browser cannot write it", "NotSupportedError")
  if (!keeps) access.truncate(0)
  return {
    async write(at, bytes) {
      for (let written = 0; written < bytes.length; ) {
        const count = access.write(bytes.subarray(written), { at: at + written })
        if (count === 0) throw new DOMException("nothing was written", "QuotaExceededError")
        written += count
      }
    },
    flush: async () => access.flush(),
    close: async () => access.close(),
    read: () => handle.getFile(),
  }
}
