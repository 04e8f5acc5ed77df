import type { FileView, UploadView } from "#lib/files/file.ts"
import type { UploadSource } from "./upload.ts"

/** Status 0: no answer at all. An expired URL of some stores looks like that too, so it always means "ask for a fresh one". */
export type Answer<Value> =
  | { ok: true; value: Value }
  | { ok: false; status: number; message: string | null; retryAfterSeconds: number | null }

export type PutRequest = {
  url: string
  headers: Record<string, string>
  body: Blob
  signal: AbortSignal
  onProgress: (sentBytes: number) => void
}

/** Everything the uploader needs of the outside. Nothing here throws or retries. */
export type UploadTransport = {
  start(source: UploadSource): Promise<Answer<{ file: FileView; upload: UploadView }>>
  /** A fresh address for a file that was started. */
  sign(fileId: string): Promise<Answer<UploadView>>
  /** `stalled`: 30 seconds passed without progress. */
  put(request: PutRequest): Promise<Answer<null> | { ok: false; status: "stalled" | "aborted" }>
  finish(fileId: string): Promise<Answer<FileView>>
  /** Gives a started file up. */
  abandon(fileId: string): void
  /** False once a picked file was moved or changed. */
  isReadable(body: Blob): Promise<boolean>
  isOnline(): boolean
  /** Calls back whenever the connection returns. */
  onOnline(listener: () => void): void
}
