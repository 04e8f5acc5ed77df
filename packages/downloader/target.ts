import "client-only"

/** The file that the bytes are written into. A page can keep it in IndexedDB. */
export type Target =
  /** A file that the reader has picked on the disk. */
  | { kind: "picked"; handle: FileSystemFileHandle }
  /** A file of the origin's private storage, by its name in the folder of downloads. */
  | { kind: "private"; name: string }

const FOLDER = "downloads"

/** Opens the folder of downloads. Throws if the browser has no such storage, as on plain http. */
export async function privateFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  return root.getDirectoryHandle(FOLDER, { create: true })
}

/**
 * Returns the handle of the file. Throws a NotFoundError if the file is gone, unless `create` is
 * set.
 */
export async function handleOf(target: Target, create = false): Promise<FileSystemFileHandle> {
  if (target.kind === "picked") return target.handle
  return (await privateFolder()).getFileHandle(target.name, { create })
}

/** Deletes the written file. Never throws. */
export async function removeTarget(target: Target): Promise<void> {
  try {
    if (target.kind === "picked") await target.handle.remove?.()
    else await (await privateFolder()).removeEntry(target.name)
  } catch {
    // The file is gone, or another tab has it open: leftovers are removed later.
  }
}

/** Whether private storage has room for `bytes` bytes. */
export async function hasPrivateRoom(bytes: number): Promise<boolean> {
  try {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate()
    await privateFolder()
    return quota - usage > bytes * 1.02
  } catch {
    return false
  }
}
