import "client-only"
import { createStore, del, get, keys, set } from "idb-keyval"

/** Handles of files whose uploads have not ended, kept over a reload. All of it is quiet where a browser keeps nothing. */
export type KeptHandles = {
  keep(fileId: string, handle: FileSystemFileHandle): Promise<void>
  find(fileId: string): Promise<FileSystemFileHandle | null>
  drop(fileId: string): Promise<void>
  fileIds(): Promise<string[]>
}

/** In IndexedDB, each member's apart. */
export function createKeptHandles(memberId: () => string | null): KeptHandles {
  let opened: ReturnType<typeof createStore> | null = null
  const store = () => {
    opened ??= createStore("lapse-uploads", "handles")
    return opened
  }
  const prefix = () => `${memberId()}/`
  const quiet = async <Value>(act: () => Promise<Value>, otherwise: Value) => {
    try {
      return await act()
    } catch {
      return otherwise
    }
  }
  return {
    keep: (fileId, handle) => quiet(() => set(prefix() + fileId, handle, store()), undefined),
    find: (fileId) =>
      quiet(
        async () => (await get<FileSystemFileHandle>(prefix() + fileId, store())) ?? null,
        null,
      ),
    drop: (fileId) => quiet(() => del(prefix() + fileId, store()), undefined),
    fileIds: () =>
      quiet(async () => {
        const own = (await keys<string>(store())).filter((key) => key.startsWith(prefix()))
        return own.map((key) => key.slice(prefix().length))
      }, []),
  }
}
