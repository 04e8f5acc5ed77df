import "client-only"

/** A file of the origin's private storage, by its name in the folder of downloads. */
export type Target = { name: string }

const FOLDER = "downloads"

/** Opens the folder of downloads. Throws if the browser has no such storage, as on plain http. */
export async function privateFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  return root.getDirectoryHandle(FOLDER, { create: true })
}

/** Returns the file's handle. Throws a NotFoundError if it is gone, unless `create` is set. */
export async function handleOf({ name }: Target, create = false): Promise<FileSystemFileHandle> {
  return (await privateFolder()).getFileHandle(name, { create })
}

/** Deletes the written file. Never throws. */
export async function removeTarget({ name }: Target): Promise<void> {
  try {
    await (await privateFolder()).removeEntry(name)
  } catch {
    // The file is gone, or another tab has it open: leftovers are removed later.
  }
}

export async function hasPrivateRoom(bytes: number): Promise<boolean> {
  try {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate()
    await privateFolder()
    return quota - usage > bytes * 1.02
  } catch {
    return false
  }
}
