import "client-only"
import type { TabLocks } from "../transfer/tab-locks.ts"
import type { FreshUrl } from "./fetching/download-addresses.ts"
import type { RemoteFile, SavedDownload, SavedDownloads } from "./saving/saved-downloads.ts"
import type { OpenSink, Sink } from "./saving/sink.ts"
import type { Target } from "./saving/target.ts"

export type DownloadOptions = {
  file: RemoteFile
  target: Target
  /** The record of an earlier session. */
  earlier?: SavedDownload | null
  freshUrl: FreshUrl
  openSink: (open: OpenSink) => Promise<Sink>
  saved: SavedDownloads
  locks: TabLocks
  /** The bytes that a target has; by default of a file in private storage. */
  writtenSize?: (target: Target) => Promise<number>
  rangesAtOnce?: number
  stallMs?: number
  isOnline?: () => boolean
  random?: () => number
}
