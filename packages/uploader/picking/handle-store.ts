import "client-only"
import { createStore, del, get, keys, set } from "idb-keyval"

/** Keeps the file handles of unfinished uploads across reloads, if it can. Never throws. */
export type HandleStore = {
  save(fileId: string, handle: FileSystemFileHandle): Promise<void>
  find(fileId: string): Promise<FileSystemFileHandle | null>
  delete(fileId: string): Promise<void>
  fileIds(): Promise<string[]>
}

/** Keeps handles in the IndexedDB database `{name}-uploads`, separately for each owner. */
export function createHandleStore(name: string, ownerId: () => string | null): HandleStore {
  let opened: ReturnType<typeof createStore> | null = null
  const store = () => {
    opened ??= createStore(`${name}-uploads`, "handles")
    return opened
  }
  const prefix = () => `${ownerId()}/`
  const orElse = async <Value>(fallback: Value, act: () => Promise<Value>) => {
    try {
      return await act()
    } catch {
      return fallback
    }
  }
  return {
    save: (fileId, handle) => orElse(undefined, () => set(prefix() + fileId, handle, store())),
    find: (fileId) =>
      orElse(
        null,
        async () => (await get<FileSystemFileHandle>(prefix() + fileId, store())) ?? null,
      ),
    delete: (fileId) => orElse(undefined, () => del(prefix() + fileId, store())),
    fileIds: () =>
      orElse([], async () => {
        const own = (await keys<string>(store())).filter((key) => key.startsWith(prefix()))
        return own.map((key) => key.slice(prefix().length))
      }),
  }
}
