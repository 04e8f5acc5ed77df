import "client-only"
import { createKeptValues } from "../../transfer/kept-values.ts"
import type { Span } from "../fetching/spans.ts"
import { privateFolder, removeTarget, type Target } from "./target.ts"

/** A file of another server. `key` identifies it on this origin, across reloads. */
export type RemoteFile = {
  key: string
  name: string
  size: number
  /** The SHA-256 of the whole file in hexadecimal; null if none is stated. */
  sha256: string | null
}

/** The record that the next session needs to continue. */
export type SavedDownload = {
  file: RemoteFile
  target: Target
  /** The ranges of bytes that are durable. */
  spans: Span[]
  etag: string | null
  path: string | null
  /** Milliseconds since 1970. */
  savedAt: number
  /** Whether the file is complete and checked; it is kept while the browser saves a copy of it. */
  isComplete: boolean
}

/** Keeps unfinished downloads across reloads. No call throws if the browser stores nothing. */
export type SavedDownloads = {
  save(download: SavedDownload): Promise<void>
  find(key: string): Promise<SavedDownload | null>
  delete(key: string): Promise<void>
  list(): Promise<SavedDownload[]>
}

/** Keeps downloads in the IndexedDB database `{name}-downloads`. */
export function createSavedDownloads(name: string): SavedDownloads {
  const kept = createKeptValues<SavedDownload>(`${name}-downloads`, "downloads")
  return { ...kept, save: (download) => kept.save(download.file.key, download) }
}

const DAY_MS = 24 * 3_600_000
const UNFINISHED_MS = 7 * DAY_MS
/** How long a complete file is kept, while the browser copies it. */
const COMPLETE_MS = 2 * 3_600_000

type Leftovers = {
  saved: SavedDownloads
  /** Keys of downloads that run in a tab. */
  held: ReadonlySet<string>
  now: number
}

/**
 * Deletes unfinished downloads after a week, complete copies after two hours, and files in private
 * storage without a record. Also deletes records of an earlier version, which wrote into a picked
 * file; that file is kept.
 */
export async function removeLeftovers({ saved, held, now }: Leftovers): Promise<void> {
  const kept = new Set<string>()
  for (const { file, target, savedAt, isComplete } of await saved.list()) {
    const isOld = now - savedAt > (isComplete ? COMPLETE_MS : UNFINISHED_MS)
    if (!target.name) await saved.delete(file.key)
    else if (isOld && !held.has(file.key)) {
      await removeTarget(target)
      await saved.delete(file.key)
    } else kept.add(target.name)
  }
  if (held.size === 0) await removeUnknown(kept)
}

/** Deletes files without a record, which a crash just after their creation leaves. */
async function removeUnknown(kept: ReadonlySet<string>) {
  try {
    const folder = await privateFolder()
    for await (const name of folder.keys()) {
      if (!kept.has(name)) await removeTarget({ name })
    }
  } catch {
    // The browser has no such storage.
  }
}
