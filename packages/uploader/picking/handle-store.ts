import "client-only"
import { createKeptValues } from "../../transfer/kept-values.ts"

/** Keeps the file handles of unfinished uploads across reloads, if it can. Never throws. */
export type HandleStore = {
  save(fileId: string, handle: FileSystemFileHandle): Promise<void>
  find(fileId: string): Promise<FileSystemFileHandle | null>
  delete(fileId: string): Promise<void>
  fileIds(): Promise<string[]>
}

/** Keeps handles in the IndexedDB database `{name}-uploads`, separately for each owner. */
export function createHandleStore(name: string, ownerId: () => string | null): HandleStore {
  const kept = createKeptValues<FileSystemFileHandle>(`${name}-uploads`, "handles")
  const prefix = () => `${ownerId()}/`
  return {
    save: (fileId, handle) => kept.save(prefix() + fileId, handle),
    find: (fileId) => kept.find(prefix() + fileId),
    delete: (fileId) => kept.delete(prefix() + fileId),
    fileIds: async () => {
      const own = (await kept.keys()).filter((key) => key.startsWith(prefix()))
      return own.map((key) => key.slice(prefix().length))
    },
  }
}
