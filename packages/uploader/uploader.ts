import "client-only"
import type { TabLocks } from "../transfer/tab-locks.ts"
import { createThrottledNotifier } from "../transfer/throttled-notifier.ts"
import { createSemaphore } from "./concurrency.ts"
import type { Hasher } from "./hashing/hasher.ts"
import { createLeaseRenewal } from "./lease-renewal.ts"
import type { HandleStore } from "./picking/handle-store.ts"
import type { ContinueResult } from "./queue/continue-unfinished.ts"
import { createHeartbeat } from "./queue/heartbeat.ts"
import { createUnfinishedCommands, createUploadCommands } from "./queue/upload-commands.ts"
import type { UploadContext } from "./queue/upload-context.ts"
import { type Entry, wake } from "./queue/upload-entry.ts"
import { createUploadList, type UploadList } from "./queue/upload-list.ts"
import { createUploadQueue } from "./queue/upload-queue.ts"
import { createRecordBatches } from "./record-batches.ts"
import { createRetries } from "./transport/retry.ts"
import type { UploadTransport } from "./transport/upload-transport.ts"
import { createUnfinishedList } from "./unfinished-list.ts"
import type { IfTaken, UploadIds, UploadSource } from "./upload.ts"
import type { FileRecord } from "./upload-protocol.ts"
import { NO_UPLOADS, type UploadsSnapshot } from "./uploads-snapshot.ts"

export type Uploader = {
  /**
   * Queues files and starts them. The app creates all their records at once, so that a link can
   * include them. A file with an unfinished upload continues it, and one that has arrived before is
   * stored at once. One whose name a different file has waits for `resolve`. Returns the ids of the
   * uploads.
   */
  add(sources: readonly UploadSource[]): string[]
  /** Answers for uploads whose names are taken, and for all that were added with them. */
  resolve(ids: UploadIds, ifTaken: IfTaken): void
  /** Pauses uploads, without an id all. Parts in flight and finishing uploads are completed. */
  pause(id?: UploadIds): void
  resume(id?: UploadIds): void
  /** Queues a failed upload again, or ends the delay of a waiting one; without an id, all. */
  retry(id?: UploadIds): void
  /**
   * Cancels uploads; without an id, all that are not stored. Deletes their files in the app and
   * removes them from the list. A stored upload is only removed from the list.
   */
  cancel(id?: UploadIds): void
  /** Removes stored uploads from the list; their files stay. */
  removeStored(ids: readonly string[]): void
  /** Removes the stored uploads of a file from the list. */
  forget(fileId: string): void
  /** Loads unfinished uploads from the app. The list stays as it is if the app does not answer. */
  loadUnfinished(): Promise<void>
  /** Continues an unfinished upload from its stored file handle; needs a user gesture. */
  continueUnfinished(fileId: string): Promise<ContinueResult>
  /** Has the app delete unfinished uploads; without ids, all. */
  abandonUnfinished(fileIds?: readonly string[]): void
  /** Clears the list of uploads when another member signs in in this tab; the app keeps them. */
  reset(): void
  /** Returns the state of all uploads. It is the same object until something changes. */
  snapshot(): UploadsSnapshot
  /**
   * Adds a listener, called at most four times a second, with thousands of uploads less often.
   * Returns how to remove it.
   */
  subscribe(listener: () => void): () => void
}

type UploaderOptions = {
  transport: UploadTransport
  hasher: Hasher
  /** Locks files against other tabs of this browser, so that one tab at a time sends each. */
  locks: TabLocks
  handles: HandleStore
  /** The number of files whose bytes are sent at the same time. */
  concurrency?: number
  /** The number of files that have a record and are not stored; by default any number. */
  unsent?: number
  /** The number of requests to the store at the same time, for all files together. */
  requests?: number
  /** The number of failures in a row after which an upload fails. */
  attempts?: number
  random?: () => number
  /** Called with each file that was sent, its bytes as picked, and the id of what it replaces. */
  onStored?: (file: FileRecord, body: Blob, replaced: string | null) => void
}

/** Creates a queue that uploads files. Its options connect it to app, store and browser. */
export function createUploader({ concurrency = 6, ...options }: UploaderOptions): Uploader {
  const { transport } = options
  const notifier = createThrottledNotifier(() => Math.max(250, list.count() / 8))
  let current: UploadsSnapshot | null = NO_UPLOADS

  function changed() {
    current = null
    notifier.notify()
    heartbeat.changed()
  }

  const list = createUploadList((patch) => {
    if (patch.fileId && patch.state !== "stored") lease.schedule()
    changed()
  })
  const lease = createLeaseRenewal(transport, () => unstoredFileIds(list))
  const heartbeat = createHeartbeat(transport, list.all)
  const context = createContext(options, list, changed)
  const queue = createUploadQueue({ list, context, concurrency })
  const parts = { list, queue, context, changed }

  transport.onOnline(() => {
    for (const entry of list.all()) {
      if (isUnanswered(entry)) queue.requeue(entry)
      wake(entry)
    }
    queue.pump()
  })

  return {
    ...createUploadCommands(parts),
    ...createUnfinishedCommands(parts),
    snapshot() {
      current ??= { ...list.snapshot(), unfinished: context.unfinished.list() }
      return current
    },
    subscribe: notifier.subscribe,
  }
}

function createContext(
  {
    requests = 5,
    attempts = 10,
    unsent,
    random = Math.random,
    onStored = () => {},
    ...environment
  }: UploaderOptions,
  list: UploadList,
  onChange: () => void,
): UploadContext {
  const isOnline = () => environment.transport.isOnline()
  const isOwn = (id: string) => list.all().some(({ fileId }) => fileId === id)
  return {
    ...environment,
    unfinished: createUnfinishedList({ ...environment, isOwn, onChange }),
    records: createRecordBatches(environment.transport.start, () =>
      unsent === undefined ? Number.POSITIVE_INFINITY : unsent - unsentOf(list),
    ),
    requestSlots: createSemaphore(requests),
    newRetries: () => createRetries({ attempts, isOnline, random }),
    onStored,
    change: list.change,
    remove: list.remove,
    progress: list.progress,
    has: list.has,
  }
}

/** Whether an upload failed without an answer: a retry may help once the connection is back. */
function isUnanswered({ view: { state, problem } }: Pick<Entry, "view">) {
  return state === "failed" && (problem?.code === "no_answer" || problem?.code === "stalled")
}

/** Failed uploads are left out: others do not wait until a person retries or cancels them. */
const unsentOf = (list: UploadList) =>
  list
    .all()
    .filter(({ fileId, view }) => fileId && view.state !== "stored" && view.state !== "failed")
    .length

const unstoredFileIds = (list: UploadList) =>
  list
    .all()
    .flatMap(({ fileId, view }) => (fileId !== null && view.state !== "stored" ? [fileId] : []))
