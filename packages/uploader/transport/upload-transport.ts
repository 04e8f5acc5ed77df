import type { UploadSource } from "../upload.ts"
import type {
  Answer,
  FileDigests,
  FileRecord,
  PartToSign,
  PartUrl,
  StartedFile,
  StoredPart,
  UploadInstructions,
} from "../upload-protocol.ts"

/** `replaces` is the id of the file whose place it takes once it is ready. */
export type NewFile = { source: UploadSource; digests: FileDigests; replaces: string | null }

export type PutRequest = {
  url: string
  headers: Record<string, string>
  body: Blob
  signal: AbortSignal
  onProgress: (sentBytes: number) => void
}

/** `stalled`: no byte moved for the transport's time limit. `aborted`: the signal ended it. */
export type PutAnswer =
  | Answer<null>
  | { ok: false; status: "stalled" }
  | { ok: false; status: "aborted" }

/** The uploader's access to the app, the store and the connection. No call throws or retries. */
export type UploadTransport = {
  /**
   * Creates the app's records of at most 500 files, unless they have arrived before. The answers are
   * in the order of the files.
   */
  start(files: readonly NewFile[]): Promise<Answer<Answer<StartedFile>[]>>
  /** Returns fresh instructions for a started file; also renews its lease in the app. */
  renew(fileId: string): Promise<Answer<UploadInstructions>>
  signParts(fileId: string, parts: readonly PartToSign[]): Promise<Answer<PartUrl[]>>
  listParts(fileId: string): Promise<Answer<StoredPart[]>>
  /** Lists all files of this member whose upload has not ended, or was given up by the app. */
  listUnfinished(): Promise<Answer<FileRecord[]>>
  put(request: PutRequest): Promise<PutAnswer>
  /** Has the app check the stored bytes. `sha256` is the hash of the whole file. */
  finish(fileId: string, sha256: string | null): Promise<Answer<FileRecord>>
  /** Tells the app that these files are being uploaded. Nothing waits for the answer. */
  heartbeat(fileIds: readonly string[]): void
  /** Deletes a started file in the app. Nothing waits for the answer. */
  abandon(fileId: string): void
  /** Returns false if a picked file was moved or changed. */
  isReadable(body: Blob): Promise<boolean>
  isOnline(): boolean
  onOnline(listener: () => void): void
}
