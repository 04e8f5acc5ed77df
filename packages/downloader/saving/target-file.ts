import "client-only"
import { handleOf, type Target } from "./target.ts"

export type TargetFile = {
  write(at: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Makes written bytes durable, so that they survive a crash of the browser. */
  flush(): Promise<void>
  /** Closes the file; may be called again. */
  close(): Promise<void>
  read(): Promise<File>
}

/** Opens a file for writing in place, in a worker. Without `keeps` it is emptied. */
export async function openTargetFile(target: Target, keeps: boolean): Promise<TargetFile> {
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
