import "client-only"
import { downloadError, problem } from "../problem.ts"
import type { FreedBuffer, SinkRequest, SinkResult } from "./sink-host.ts"
import type { Target } from "./target.ts"

/** Writes and hashes one file in a Web Worker. Every call throws a DownloadError when it fails. */
export type Sink = {
  /** Writes bytes, and takes ownership of their buffer. */
  write(at: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  flush(): Promise<void>
  /** The SHA-256 of the whole file in hexadecimal, once everything is written. */
  finish(): Promise<string>
  /** Closes the file and ends the worker. Never throws. */
  close(): Promise<void>
}

export type OpenSink = {
  target: Target
  size: number
  /** Whether to keep the bytes of an earlier session. */
  keeps: boolean
  /** Called with buffers whose bytes were written and hashed. */
  onFreed?: (buffer: ArrayBuffer) => void
}

type Request = SinkRequest extends infer Each
  ? Each extends { id: number }
    ? Omit<Each, "id">
    : never
  : never

export async function openSink(
  createWorker: () => Worker,
  { onFreed, ...open }: OpenSink,
): Promise<Sink> {
  const worker = createWorker()
  const pending = new Map<number, (result: SinkResult) => void>()
  let lastId = 0
  worker.addEventListener("message", ({ data }: MessageEvent<SinkResult | FreedBuffer>) => {
    if ("freed" in data) return onFreed?.(data.freed)
    pending.get(data.id)?.(data)
    pending.delete(data.id)
  })
  worker.addEventListener("error", () => {
    for (const [id, settle] of Array.from(pending)) settle({ id, error: "WorkerError" })
    pending.clear()
  })

  async function call(request: Request, transfer: Transferable[] = []) {
    const id = ++lastId
    const result = await new Promise<SinkResult>((resolve) => {
      pending.set(id, resolve)
      worker.postMessage({ ...request, id }, transfer)
    })
    if ("error" in result) {
      const isFull = result.error === "QuotaExceededError"
      throw downloadError(problem(isFull ? "no_room" : "not_writable", null))
    }
    return result.sha256 ?? null
  }

  const close = async () => {
    await call({ kind: "close" }).catch(() => {})
    worker.terminate()
  }
  try {
    await call({ kind: "open", ...open })
  } catch (error) {
    await close()
    throw error
  }
  return {
    async write(at, bytes) {
      await call({ kind: "write", at, bytes }, [bytes.buffer])
    },
    async flush() {
      await call({ kind: "flush" })
    },
    async finish() {
      return (await call({ kind: "finish" })) ?? ""
    },
    close,
  }
}
