import "client-only"
import type { UploadSource } from "../upload.ts"
import { sourceOf, sourceOfHandle, unreadableSource } from "./picked-files.ts"

/** Returns the dropped files, including those inside dropped folders. */
export async function droppedFiles(transfer: {
  items: Iterable<DataTransferItem>
}): Promise<UploadSource[]> {
  // The transfer is empty after the first await, so everything is read before it.
  const dropped = Array.from(transfer.items)
    .filter(({ kind }) => kind === "file")
    .map((item) => ({
      handlePromise: item.getAsFileSystemHandle?.().catch(() => null),
      entry: item.webkitGetAsEntry(),
      file: item.getAsFile(),
    }))
  const sources: UploadSource[] = []
  for (const { handlePromise, entry, file } of dropped) {
    const handle = await handlePromise
    if (isFolderHandle(handle)) await walkHandle(handle, handle.name, sources)
    else if (isFileHandle(handle)) sources.push(await sourceOfHandle(handle, ""))
    else if (entry?.isDirectory) await walkEntry(entry, "", sources)
    else if (file) sources.push(sourceOf(file, ""))
  }
  return sources
}

async function walkHandle(
  folder: FileSystemDirectoryHandle,
  path: string,
  sources: UploadSource[],
) {
  for await (const child of folder.values()) {
    if (isFolderHandle(child)) await walkHandle(child, `${path}/${child.name}`, sources)
    else if (isFileHandle(child)) sources.push(await sourceOfHandle(child, path))
  }
}

type Handle = FileSystemHandle | null | undefined

const isFolderHandle = (handle: Handle): handle is FileSystemDirectoryHandle =>
  handle?.kind === "directory"
const isFileHandle = (handle: Handle): handle is FileSystemFileHandle => handle?.kind === "file"

/** Reads an entry, for browsers that return no file handles. */
async function walkEntry(entry: FileSystemEntry, path: string, sources: UploadSource[]) {
  if (isFileEntry(entry)) {
    sources.push(
      await new Promise<UploadSource>((resolve) =>
        entry.file(
          (file) => resolve(sourceOf(file, path)),
          () => resolve(unreadableSource(entry.name, path)),
        ),
      ),
    )
    return
  }
  if (!isFolderEntry(entry)) return
  const reader = entry.createReader()
  const inside = path ? `${path}/${entry.name}` : entry.name
  // A reader returns at most 100 entries at a time, and an empty batch at the end.
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (batch.length === 0) return
    for (const child of batch) await walkEntry(child, inside, sources)
  }
}

const isFileEntry = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolderEntry = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry =>
  entry.isDirectory
