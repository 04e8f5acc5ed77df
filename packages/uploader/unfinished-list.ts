import "client-only"
import type { TabLocks } from "../transfer/tab-locks.ts"
import { mapInBatches } from "./concurrency.ts"
import type { HandleStore } from "./picking/handle-store.ts"
import type { UploadTransport } from "./transport/upload-transport.ts"
import type { UnfinishedUpload } from "./upload.ts"
import type { FailedAnswer, FileRecord } from "./upload-protocol.ts"

/** Files up to this size are not sent in parts, so the store has no bytes of an unfinished one. */
const PARTS_FROM_BYTES = 8 * 1024 ** 2

/** The failure of a request that a newer request has replaced. */
const SUPERSEDED = { ok: false, status: 0, message: null, retryAfterSeconds: null } as const

type ListedUpload = UnfinishedUpload & { fingerprint: string }

type UnfinishedListOptions = {
  transport: UploadTransport
  locks: TabLocks
  handles: HandleStore
  isOwn: (fileId: string) => boolean
  onChange: () => void
}

/** Keeps the unfinished uploads of this member that no tab of this browser sends. */
export function createUnfinishedList(options: UnfinishedListOptions) {
  const { transport, handles, onChange } = options
  let listed: readonly ListedUpload[] = []
  let loading: Promise<FailedAnswer | null> = Promise.resolve(null)
  let generation = 0
  let isIncomplete = false

  function replace(next: readonly ListedUpload[]) {
    if (next.length === 0 && listed.length === 0) return
    listed = next
    onChange()
  }

  async function load(): Promise<FailedAnswer | null> {
    const asked = ++generation
    const wasIncomplete = isIncomplete
    isIncomplete = false
    const found = await findUnfinished(options, () => asked === generation)
    if ("status" in found || asked !== generation) {
      isIncomplete ||= wasIncomplete
      return "status" in found ? found : SUPERSEDED
    }
    replace(found.uploads.filter(({ fileId }) => !options.isOwn(fileId)))
    for (const fileId of found.obsoleteHandles) void handles.delete(fileId)
    return null
  }

  function reload() {
    loading = load()
    return loading
  }

  /** Removes one upload from the list, so that no other upload continues it. */
  function take(is: (one: ListedUpload) => boolean): ListedUpload | null {
    const one = listed.find(is) ?? null
    if (one) replace(listed.filter((other) => other !== one))
    return one
  }

  return {
    list: (): readonly UnfinishedUpload[] => listed,
    find: (fileId: string) => listed.find((one) => one.fileId === fileId) ?? null,
    /** Loads the list from the app. It stays as it is if the app does not answer. */
    async load() {
      await reload()
    },
    /** Makes the next match load the list: the app may have records whose answers were lost. */
    expectMore() {
      isIncomplete = true
    },
    /**
     * Removes and returns the file with this fingerprint, after a pending load; null if there is
     * none, or if the app gave it up. Returns the failure if the app may have one and the list could not be loaded.
     */
    async takeMatching(fingerprint: string): Promise<string | null | FailedAnswer> {
      const failed = await (isIncomplete ? reload() : loading)
      if (isIncomplete && failed) return failed
      const one = take((one) => one.fingerprint === fingerprint)
      if (!one?.givenUp) return one?.fileId ?? null
      transport.abandon(one.fileId) // It is not listed again.
      return null
    },
    /** Removes a file from the list; false if it was not listed. */
    take: (fileId: string) => take((one) => one.fileId === fileId) !== null,
    /** Has the app delete these files, if they are listed. */
    abandon(fileIds: ReadonlySet<string>) {
      for (const { fileId } of listed) {
        if (!fileIds.has(fileId)) continue
        transport.abandon(fileId)
        void handles.delete(fileId)
      }
      replace(listed.filter(({ fileId }) => !fileIds.has(fileId)))
    },
    clear() {
      generation += 1
      replace([])
    },
  }
}

export type UnfinishedList = ReturnType<typeof createUnfinishedList>

/** Returns a failure if the app does not answer or a newer request has started. */
async function findUnfinished(
  { transport, locks, handles }: UnfinishedListOptions,
  isCurrent: () => boolean,
) {
  // Read before the app is asked, because the answer may lack a file whose handle is saved later.
  const saved = await handles.fileIds()
  const answer = await transport.listUnfinished()
  if (!answer.ok) return answer
  if (!isCurrent()) return SUPERSEDED
  const locked = await locks.held()
  // A file without a fingerprint was not started by a browser.
  const files = answer.value.flatMap((file) =>
    file.fingerprint && !locked.has(file.id) ? [{ ...file, fingerprint: file.fingerprint }] : [],
  )
  const uploads = await mapInBatches(files, async (file): Promise<ListedUpload> => {
    const { id: fileId, name, path, size, fingerprint, createdAt: startedAt } = file
    const givenUp = file.status === "abandoned"
    const storedBytes = givenUp ? 0 : await storedBytesOf(file, transport)
    const hasHandle = saved.includes(fileId)
    return { fileId, name, path, size, storedBytes, startedAt, hasHandle, fingerprint, givenUp }
  })
  const known = new Set(answer.value.map(({ id }) => id))
  return { uploads, obsoleteHandles: saved.filter((fileId) => !known.has(fileId)) }
}

async function storedBytesOf({ id, size }: FileRecord, transport: UploadTransport) {
  if (size <= PARTS_FROM_BYTES) return 0
  const parts = await transport.listParts(id)
  return parts.ok ? parts.value.reduce((sum, part) => sum + part.size, 0) : 0
}
