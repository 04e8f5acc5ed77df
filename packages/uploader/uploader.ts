import "client-only"
import { createThrottledNotifier } from "../transfer/throttled-notifier.ts"
import { createSemaphore } from "./concurrency.ts"
import type { Hasher } from "./hashing/hasher.ts"
import type { HandleStore } from "./picking/handle-store.ts"
import type { ContinueResult } from "./queue/continue-unfinished.ts"
import { createHeartbeat } from "./queue/heartbeat.ts"
import { createUnfinishedCommands, createUploadCommands } from "./queue/upload-commands.ts"
import type { UploadContext } from "./queue/upload-context.ts"
import type { Entry } from "./queue/upload-entry.ts"
import { createUploadList, type UploadList } from "./queue/upload-list.ts"
import { createUploadQueue } from "./queue/upload-queue.ts"
import { createRecordBatches } from "./record-batches.ts"
import { createRetries } from "./transport/retry.ts"
import type { UploadTransport } from "./transport/upload-transport.ts"
import { createLeaseRenewal } from "./unfinished/lease-renewal.ts"
import { createUnfinishedList } from "./unfinished/unfinished-list.ts"
import type { UploadLocks } from "./unfinished/upload-locks.ts"
import type { UploadIds, UploadSource } from "./upload.ts"
import type { FileRecord } from "./upload-protocol.ts"
import { NO_UPLOADS, type UploadsSnapshot } from "./uploads-snapshot.ts"
import { createWakeableWaits } from "./wakeable-wait.ts"

export type Uploader = {
  /**
   * Queues files and starts them. The app creates the records of all of them at once, so that a
   * link can hold them. A file whose upload is unfinished continues it. Returns their ids.
   */
  add(sources: readonly UploadSource[]): string[]
  /**
   * Pauses uploads; without an id, all. Parts in flight end; an upload that is finishing is not
   * paused.
   */
  pause(id?: UploadIds): void
  resume(id?: UploadIds): void
  /** Queues a failed upload again, or ends the delay of a waiting one; without an id, all. */
  retry(id?: UploadIds): void
  /**
   * Stops an upload, deletes the file in the app and removes both. A stored upload is only removed
   * from the list, and stays on it when there is no id.
   */
  cancel(id?: UploadIds): void
  /** Removes stored uploads from the list; their files stay. */
  removeStored(ids: readonly string[]): void
  /** Loads unfinished uploads from the app. The list stays as it is if the app does not answer. */
  loadUnfinished(): Promise<void>
  /** Continues an unfinished upload from its stored file handle; needs a user gesture. */
  continueUnfinished(fileId: string): Promise<ContinueResult>
  /** Has the app delete unfinished uploads; without ids, all. */
  abandonUnfinished(fileIds?: readonly string[]): void
  /**
   * Stops and removes all uploads here, while the app keeps them; for another member in the same
   * tab.
   */
  reset(): void
  /** Returns the state of all uploads; the same object until something changes. */
  snapshot(): UploadsSnapshot
  /**
   * Adds a listener, which is called after changes, at most four times a second. Returns the
   * function that removes it.
   */
  subscribe(listener: () => void): () => void
}

type UploaderOptions = {
  transport: UploadTransport
  hasher: Hasher
  locks: UploadLocks
  handles: HandleStore
  /** The number of files whose bytes are sent at the same time. */
  concurrency?: number
  /** The number of requests to the store at the same time, of all files together. */
  requests?: number
  /** The number of failures in a row after which an upload fails. */
  attempts?: number
  random?: () => number
  /** Called with each stored file and its bytes as they were picked. */
  onStored?: (file: FileRecord, body: Blob) => void
}

/**
 * Creates a queue that uploads files to the store. It draws nothing; its options connect it to the
 * app, the store and the browser.
 */
export function createUploader({ concurrency = 6, ...options }: UploaderOptions): Uploader {
  const { transport } = options
  const notifier = createThrottledNotifier()
  const waits = createWakeableWaits<Entry>()
  let current: UploadsSnapshot | null = NO_UPLOADS

  function changed() {
    current = null
    notifier.notify()
    heartbeat.changed()
  }

  const list = createUploadList((patch) => {
    if (patch.fileId) lease.schedule()
    changed()
  })
  const lease = createLeaseRenewal(transport, () => unstoredFileIds(list))
  const heartbeat = createHeartbeat(transport, list.all)
  const context: UploadContext = {
    ...createContext(options, list, changed),
    wait: (entry, { ms }, signal) => waits.wait(entry, ms, signal),
  }
  const queue = createUploadQueue({ list, context, concurrency })
  const parts = { list, queue, context, changed, wake: waits.wake }

  transport.onOnline(() => {
    for (const entry of list.all()) if (isUnanswered(entry)) queue.requeue(entry)
    waits.wakeAll()
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
    random = Math.random,
    onStored = () => {},
    ...environment
  }: UploaderOptions,
  list: UploadList,
  onChange: () => void,
): Omit<UploadContext, "wait"> {
  const isOnline = () => environment.transport.isOnline()
  const isOwn = (id: string) => list.all().some(({ fileId }) => fileId === id)
  return {
    ...environment,
    unfinished: createUnfinishedList({ ...environment, isOwn, onChange }),
    records: createRecordBatches(environment.transport.start),
    requestSlots: createSemaphore(requests),
    newRetries: () => createRetries({ attempts, isOnline, random }),
    onStored,
    change: list.change,
    progress: list.progress,
    has: list.has,
  }
}

/**
 * Whether an upload failed without an answer, so that a retry may help once the connection is back.
 */
function isUnanswered({ view: { state, problem } }: Pick<Entry, "view">) {
  return state === "failed" && (problem?.code === "no_answer" || problem?.code === "stalled")
}

const unstoredFileIds = (list: UploadList) =>
  list
    .all()
    .flatMap(({ fileId, view }) => (fileId !== null && view.state !== "stored" ? [fileId] : []))
