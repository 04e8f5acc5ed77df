import "client-only"
import type { TabLocks } from "../transfer/tab-locks.ts"
import type { FreshUrl } from "./download-addresses.ts"
import type { RemoteFile, SavedDownload, SavedDownloads } from "./saved-downloads.ts"
import type { OpenSink, Sink } from "./sink.ts"
import type { Target } from "./target.ts"

export type DownloadOptions = {
  file: RemoteFile
  target: Target
  /** The record of an earlier session. */
  earlier?: SavedDownload | null
  freshUrl: FreshUrl
  openSink: (open: OpenSink) => Promise<Sink>
  saved: SavedDownloads
  locks: TabLocks
  rangesAtOnce?: number
  stallMs?: number
  isOnline?: () => boolean
  random?: () => number
}
