import "client-only"
import { handleOf, type Target } from "./target.ts"

/** A file that is open for writing by position. */
export type TargetFile = {
  write(at: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Makes written bytes durable: they survive the end of the browser. */
  flush(): Promise<void>
  /** Closes the file; may be called again. */
  close(): Promise<void>
  /** The file as it is stored. */
  read(): Promise<File>
}

/** Opens a file for writing, in a worker. Without `keeps` it is emptied. */
export async function openTargetFile(target: Target, keeps: boolean): Promise<TargetFile> {
  const handle = await handleOf(target, !keeps)
  return target.kind === "picked" ? openPicked(handle, keeps) : openPrivate(handle, keeps)
}

/** Opens a file of private storage, which is written in place. */
async function openPrivate(handle: FileSystemFileHandle, keeps: boolean): Promise<TargetFile> {
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

/**
 * Opens a picked file. It gets its bytes when its stream is closed, from a copy beside it. To make
 * them durable the stream is closed and opened again, which copies the existing bytes.
 */
async function openPicked(handle: FileSystemFileHandle, keeps: boolean): Promise<TargetFile> {
  let stream: FileSystemWritableFileStream | null = await handle.createWritable({
    keepExistingData: keeps,
  })
  const close = async () => {
    const closing = stream
    stream = null
    await closing?.close()
  }
  return {
    close,
    async write(position, data) {
      stream ??= await handle.createWritable({ keepExistingData: true })
      await stream.write({ type: "write", position, data })
    },
    flush: close,
    read: () => handle.getFile(),
  }
}
