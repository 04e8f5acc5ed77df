import type { FileView } from "#lib/rooms/files/file.ts"
import type { Reported } from "#lib/rooms/files/upload/reported-upload.ts"

/** The maximum number of a share's files on a page. */
export const ROWS_PER_PAGE = 500

/** The number of a share's files by status, and their bytes. */
export type FileCounts = {
  ready: number
  readyBytes: number
  /** Files that are uploading, or are not checked yet. */
  arriving: number
  arrivingBytes: number
  /** The number of uploading files whose upload is paused. */
  paused: number
  abandoned: number
}

/** The files directly in a folder, listed or not. */
export type FolderContent = {
  path: string
  files: number
  /** The number of files whose upload was not abandoned, and their bytes. */
  count: number
  bytes: number
}

export type SharedFile = {
  id: string
  name: string
  path: string
  size: number
  contentType: string
  /** Only ready files can be claimed. An abandoned file never becomes ready. */
  status: FileView["status"]
  /** Why it is held, for its owner. */
  heldFor?: string | null
  /** Whether it was let through without the result of a scan, for its owner. */
  notScanned?: boolean
  /** Whether its upload is no longer reported: it was paused, or its tab was closed. */
  isPaused: boolean
  /** The hash of the whole file, as computed by the sender's browser; null if there is none. */
  sha256: string | null
  /** Whether the store compared the hash with the bytes. */
  sha256Verified: boolean
  hasThumbnail: boolean
}

/** A part of the files of a share, in the order of their tree. */
export type SharedFiles = {
  counts: FileCounts
  folders: FolderContent[]
  found: number
  /** Some of those files: folders before files, both in natural order. */
  files: SharedFile[]
  hasMore: boolean
}

export function countFiles(
  files: readonly Pick<SharedFile, "status" | "size" | "isPaused">[],
): FileCounts {
  const counts = { ready: 0, readyBytes: 0, arriving: 0, arrivingBytes: 0, paused: 0, abandoned: 0 }
  for (const { status, size, isPaused } of files) {
    if (status === "abandoned") counts.abandoned += 1
    else if (status === "ready") {
      counts.ready += 1
      counts.readyBytes += size
    } else {
      counts.arriving += 1
      counts.arrivingBytes += size
      if (isPaused) counts.paused += 1
    }
  }
  return counts
}

/** Whether files are being checked, and none of these is uploading. */
export const isOnlyChecked = (files: readonly Pick<SharedFile, "status">[]) =>
  files.some(({ status }) => status === "checking") &&
  !files.some(({ status }) => status === "uploading")

type Uploads = Pick<SharedFiles, "files" | "counts">

/**
 * Pauses all uploads of a share if none is reported now, and one no longer, or never: the others are
 * queued behind it.
 */
export function pauseSilent(uploads: Uploads, reports: readonly Reported[]): Uploads {
  const { files, counts } = uploads
  if (reports.includes("now") || !reports.some((each) => each !== null)) return uploads
  return {
    files: files.map((file) => (file.status === "uploading" ? { ...file, isPaused: true } : file)),
    counts: { ...counts, paused: counts.arriving },
  }
}
