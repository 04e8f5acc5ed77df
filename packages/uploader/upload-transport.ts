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

/** `stalled`: nothing moved for 30 seconds. */
export type PutAnswer =
  | Answer<null>
  | { ok: false; status: "stalled" }
  | { ok: false; status: "aborted" }

/** What the browser knows of a file before its first byte is sent. Both are 64 hexadecimal digits. */
export type Knowledge = { fingerprint: string | null; sha256: string | null }

/** `sha256` where the app asked for the digest of every part. */
export type PartToSign = { partNumber: number; sha256: string | null }
export type PartAddress = { partNumber: number; url: string; headers: Record<string, string> }
export type StoredPart = { partNumber: number; size: number }

/** Everything the uploader needs of the outside. Nothing here throws or retries. */
export type UploadTransport = {
  start(
    source: UploadSource,
    known: Knowledge,
  ): Promise<Answer<{ file: FileView; upload: UploadView }>>
  /** How a file that was started goes on: a fresh address, or the measure of its parts. */
  sign(fileId: string): Promise<Answer<UploadView>>
  signParts(fileId: string, parts: readonly PartToSign[]): Promise<Answer<PartAddress[]>>
  /** The parts the store has. */
  listParts(fileId: string): Promise<Answer<StoredPart[]>>
  /** All files of this member that the app still waits for. */
  listUnfinished(): Promise<Answer<FileView[]>>
  put(request: PutRequest): Promise<PutAnswer>
  finish(fileId: string, sha256: string | null): Promise<Answer<FileView>>
  /** Gives a started file up. */
  abandon(fileId: string): void
  /** False once a picked file was moved or changed. */
  isReadable(body: Blob): Promise<boolean>
  isOnline(): boolean
  /** Calls back whenever the connection returns. */
  onOnline(listener: () => void): void
}
