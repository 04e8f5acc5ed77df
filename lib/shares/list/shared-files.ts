/** A page shows at most this many rows of a share's files. */
export const ROWS_PER_PAGE = 500

/** The files of a share by status, and their bytes. */
export type FileCounts = {
  ready: number
  readyBytes: number
  arriving: number
  arrivingBytes: number
  abandoned: number
}

/** What a folder holds directly, listed or not. */
export type FolderContent = {
  path: string
  files: number
  /** Files whose upload was not abandoned, and their bytes. */
  count: number
  bytes: number
}

export type SharedFile = {
  id: string
  name: string
  path: string
  size: number
  contentType: string
  /** Only a ready file can be claimed; an abandoned one never becomes ready. */
  status: "ready" | "uploading" | "abandoned"
  /** Of the whole file, as the sender's browser computed it; null where none did. */
  sha256: string | null
  /** Whether the store compared it with the bytes. */
  sha256Verified: boolean
  hasThumbnail: boolean
}

/** A part of the files of a share, in the order of their tree. */
export type SharedFiles = {
  /** Of the whole share. */
  counts: FileCounts
  /** Of what was asked for. */
  folders: FolderContent[]
  /** How many files were asked for. */
  found: number
  /** Some of them: folders before files, both in natural order. */
  files: SharedFile[]
  /** Whether there are more after these. */
  hasMore: boolean
}

export function countFiles(files: readonly Pick<SharedFile, "status" | "size">[]): FileCounts {
  const counts = { ready: 0, readyBytes: 0, arriving: 0, arrivingBytes: 0, abandoned: 0 }
  for (const { status, size } of files) {
    if (status === "abandoned") counts.abandoned += 1
    else if (status === "ready") {
      counts.ready += 1
      counts.readyBytes += size
    } else {
      counts.arriving += 1
      counts.arrivingBytes += size
    }
  }
  return counts
}
