import "client-only"
import type { FileView } from "#lib/files/file.ts"
import type { KeptHandles } from "./handle-store.ts"
import { inTurns } from "./in-turns.ts"
import type { Unfinished } from "./upload.ts"
import type { UploadLocks } from "./upload-locks.ts"
import type { UploadTransport } from "./upload-transport.ts"

/** Below this nothing comes in parts, so the store has nothing of an unfinished one. */
const PARTS_FROM_BYTES = 8 * 1024 ** 2

type Found = Unfinished & { fingerprint: string }

type Surroundings = {
  transport: UploadTransport
  locks: UploadLocks
  handles: KeptHandles
  /** Whether this tab has the file's bytes. */
  isOurs: (fileId: string) => boolean
  onChange: () => void
}

/** The uploads that the app waits for and nobody in this browser sends. */
export function createUnfinished(surroundings: Surroundings) {
  const { transport, locks, handles, isOurs, onChange } = surroundings
  let found: readonly Found[] = []
  let recalling: Promise<void> = Promise.resolve()
  let generation = 0

  function replace(next: readonly Found[]) {
    if (next.length === 0 && found.length === 0) return
    found = next
    onChange()
  }

  async function ask() {
    const asked = ++generation
    // Before the app is asked: what is kept from then on may be of a file that its answer does not know.
    const kept = await handles.fileIds()
    const answer = await transport.listUnfinished()
    if (!answer.ok || asked !== generation) return
    const taken = await locks.taken()
    // Without a fingerprint it is not a browser that sends it.
    const lost = answer.value.flatMap((file) =>
      file.fingerprint && !taken.has(file.id) ? [{ ...file, fingerprint: file.fingerprint }] : [],
    )
    const looked = await inTurns(lost, async (file) => ({
      ...viewOf(file, kept.includes(file.id)),
      fingerprint: file.fingerprint,
      storedBytes: await storedBytesOf(file),
    }))
    if (asked !== generation) return
    replace(looked.filter(({ fileId }) => !isOurs(fileId)))
    const known = new Set(answer.value.map(({ id }) => id))
    for (const fileId of kept) if (!known.has(fileId)) void handles.drop(fileId)
  }

  async function storedBytesOf({ id, size }: FileView) {
    if (size <= PARTS_FROM_BYTES) return 0
    const parts = await transport.listParts(id)
    return parts.ok ? parts.value.reduce((sum, part) => sum + part.size, 0) : 0
  }

  /** Off the list, so that nobody else takes it. */
  function take(is: (one: Found) => boolean): Found | null {
    const one = found.find(is) ?? null
    if (one) replace(found.filter((other) => other !== one))
    return one
  }

  return {
    list: (): readonly Unfinished[] => found,
    find: (fileId: string) => found.find((one) => one.fileId === fileId) ?? null,
    recall() {
      recalling = ask()
      return recalling
    },
    /** The one that a file with this fingerprint continues. Waits for a recall under way. */
    async takeSame(fingerprint: string): Promise<string | null> {
      await recalling
      return take((one) => one.fingerprint === fingerprint)?.fileId ?? null
    },
    take: (fileId: string) => take((one) => one.fileId === fileId) !== null,
    giveUp(fileIds: ReadonlySet<string>) {
      for (const { fileId } of found) {
        if (!fileIds.has(fileId)) continue
        transport.abandon(fileId)
        void handles.drop(fileId)
      }
      replace(found.filter(({ fileId }) => !fileIds.has(fileId)))
    },
    clear() {
      generation += 1
      replace([])
    },
  }
}

export type UnfinishedUploads = ReturnType<typeof createUnfinished>

function viewOf({ id: fileId, name, path, size, createdAt: startedAt }: FileView, kept: boolean) {
  return { fileId, name, path, size, startedAt, kept }
}
