/** A file as the app answers it. Sizes are bytes, times ISO 8601 UTC. */
export type FileRecord = {
  id: string
  name: string
  /** The folder it was in: names with "/" between them, or "". */
  path: string
  size: number
  contentType: string
  status: "uploading" | "ready" | "abandoned"
  /** Of the whole file; null where the browser did not compute it. */
  sha256: string | null
  /** Whether the store compared the SHA-256 with the bytes. */
  sha256Verified: boolean
  /** As the browser sent it, while the file is uploading; null afterwards. */
  fingerprint: string | null
  createdAt: string
}

export type SinglePut = { method: "put"; url: string; headers: Record<string, string> }

export type Multipart = {
  method: "multipart"
  /** Bytes of every part but the last. */
  partSize: number
  partCount: number
  /** Whether the app signs a part only with its SHA-256. */
  checksums: boolean
}

/** How the bytes of a started file go to the store. */
export type UploadInstructions = SinglePut | Multipart

/**
 * What the browser knows of a file before its first byte is sent, each as 64 hexadecimal digits.
 */
export type FileDigests = { fingerprint: string | null; sha256: string | null }

/** `sha256` where the instructions ask for checksums. */
export type PartToSign = { partNumber: number; sha256: string | null }
export type PartUrl = { partNumber: number; url: string; headers: Record<string, string> }
export type StoredPart = { partNumber: number; size: number }

/**
 * Status 0: no answer. The expired URL of some stores looks the same to a script, so every retry
 * asks for a fresh URL. `message` is the app's own sentence for the person who uploads.
 */
export type FailedAnswer = {
  ok: false
  status: number
  message: string | null
  retryAfterSeconds: number | null
}

export type Answer<Value> = { ok: true; value: Value } | FailedAnswer
