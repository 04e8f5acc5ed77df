import { isActive, type UnfinishedUpload, type Upload } from "./upload.ts"

export type UploadTotals = {
  count: number
  stored: number
  failed: number
  /** The number of uploads that are neither stored, failed nor paused. */
  active: number
  sizeBytes: number
  sentBytes: number
  bytesPerSecond: number | null
}

/** Everything that a page shows. Its objects are replaced, never changed. */
export type UploadsSnapshot = {
  uploads: readonly Upload[]
  unfinished: readonly UnfinishedUpload[]
  totals: UploadTotals
}

/** Sums up all uploads. Bytes of failed ones count neither as sent nor as size. */
export function totalUploads(uploads: readonly Upload[], bytesPerSecond: number | null) {
  const totals: UploadTotals = {
    count: uploads.length,
    stored: 0,
    failed: 0,
    active: 0,
    sizeBytes: 0,
    sentBytes: 0,
    bytesPerSecond,
  }
  for (const upload of uploads) {
    if (upload.state === "failed") {
      totals.failed += 1
      continue
    }
    if (upload.state === "stored") totals.stored += 1
    if (isActive(upload)) totals.active += 1
    totals.sizeBytes += upload.size
    totals.sentBytes += upload.sentBytes
  }
  return totals
}

export const NO_UPLOADS: UploadsSnapshot = {
  uploads: [],
  unfinished: [],
  totals: totalUploads([], null),
}

/** Returns whole seconds, or null while no rate is known. */
export function secondsLeft(
  of: Pick<UploadTotals, "sizeBytes" | "sentBytes" | "bytesPerSecond">,
): number | null {
  if (!of.bytesPerSecond) return null
  return Math.ceil(Math.max(0, of.sizeBytes - of.sentBytes) / of.bytesPerSecond)
}
