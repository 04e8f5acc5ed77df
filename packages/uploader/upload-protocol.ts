/** A file in the app's answers. Sizes are bytes, times ISO 8601 UTC. */
export type FileRecord = {
  id: string
  name: string
  /** The folder that contained it: names with "/" between them, or "". */
  path: string
  size: number
  contentType: string
  /** `checking` and `held`: all of it has arrived, and it cannot be read yet. */
  status: "uploading" | "ready" | "abandoned" | "checking" | "held"
  /** Why it is held: the name of what a scanner found, or `too_large`; else null. */
  heldFor: string | null
  notScanned: boolean
  /** SHA-256 of the whole file; null if the browser did not compute it. */
  sha256: string | null
  /** Whether the store compared the SHA-256 with the bytes. */
  sha256Verified: boolean
  /** The fingerprint from the browser until the file has arrived; null afterwards. */
  fingerprint: string | null
  hasThumbnail: boolean
  createdAt: string
}

export type SinglePut = { method: "put"; url: string; headers: Record<string, string> }

export type Multipart = {
  method: "multipart"
  /** The size in bytes of every part but the last. */
  partSize: number
  partCount: number
  /** Whether the app signs a part only with its SHA-256. */
  checksums: boolean
}

/** How the bytes of a started file are sent to the store. */
export type UploadInstructions = SinglePut | Multipart

/** The digests that the browser knows before it sends a byte, each 64 hexadecimal digits. */
export type FileDigests = { fingerprint: string | null; sha256: string | null }

/** A file's record in the app, and how its bytes are sent; null if all of it had arrived before. */
export type StartedFile = { file: FileRecord; upload: UploadInstructions | null }

/** A part to sign, with its `sha256` if the instructions ask for checksums. */
export type PartToSign = { partNumber: number; sha256: string | null }
export type PartUrl = { partNumber: number; url: string; headers: Record<string, string> }
export type StoredPart = { partNumber: number; size: number }

/**
 * A failed call. Status 0 means no answer. To a script, the expired URL of some stores looks like
 * no answer too, so every retry requests a fresh URL. `message` is the app's own message for the
 * person who uploads.
 */
export type FailedAnswer = {
  ok: false
  status: number
  message: string | null
  retryAfterSeconds: number | null
  /** Another file that has the name of this one, if that is why. */
  taken?: FileRecord
}

export type Answer<Value> = { ok: true; value: Value } | FailedAnswer
