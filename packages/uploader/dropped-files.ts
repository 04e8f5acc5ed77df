import "client-only"
import type { UploadSource } from "./upload.ts"

/** Files of an input, in its order. */
export function pickedFiles(files: Iterable<File>): UploadSource[] {
  return Array.from(files, (file) => toSource(file, folderOf(file.webkitRelativePath)))
}

/**
 * Asks with the browser's own dialog, whose files can be kept over a reload; nothing picked is an
 * empty list. Null where there is no such dialog: use an input.
 */
export async function pickFiles(): Promise<UploadSource[] | null> {
  if (!window.showOpenFilePicker) return null
  try {
    const handles = await window.showOpenFilePicker({ multiple: true })
    return await Promise.all(handles.map((handle) => fromHandle(handle, "")))
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return []
    throw error
  }
}

/** Files of a drop, those inside dropped folders too. */
export async function droppedFiles(transfer: {
  items: Iterable<DataTransferItem>
}): Promise<UploadSource[]> {
  // Everything must be taken now: the transfer is empty after the first await.
  const dropped = Array.from(transfer.items)
    .filter(({ kind }) => kind === "file")
    .map((item) => ({
      handle: item.getAsFileSystemHandle?.().catch(() => null),
      entry: item.webkitGetAsEntry(),
      file: item.getAsFile(),
    }))
  const sources: UploadSource[] = []
  for (const { handle: promised, entry, file } of dropped) {
    const handle = await promised
    if (isFolder(handle)) await walkHandle(handle, handle.name, sources)
    else if (isKeepable(handle)) sources.push(await fromHandle(handle, ""))
    else if (entry?.isDirectory) await walk(entry, "", sources)
    else if (file) sources.push(toSource(file, ""))
  }
  return sources
}

async function walkHandle(
  folder: FileSystemDirectoryHandle,
  path: string,
  sources: UploadSource[],
) {
  for await (const child of folder.values()) {
    if (isFolder(child)) await walkHandle(child, `${path}/${child.name}`, sources)
    else if (isKeepable(child)) sources.push(await fromHandle(child, path))
  }
}

type Handle = FileSystemHandle | null | undefined

const isFolder = (handle: Handle): handle is FileSystemDirectoryHandle =>
  handle?.kind === "directory"
const isKeepable = (handle: Handle): handle is FileSystemFileHandle => handle?.kind === "file"

async function fromHandle(handle: FileSystemFileHandle, path: string): Promise<UploadSource> {
  try {
    return { ...toSource(await handle.getFile(), path), handle }
  } catch {
    return unreadable(handle.name, path)
  }
}

/** Among the others, so that the member hears of this one by name. */
function unreadable(name: string, path: string): UploadSource {
  const body = new File([], name)
  body.slice = () => {
    throw new DOMException("The file could not be opened.", "NotReadableError")
  }
  return toSource(body, path)
}

async function walk(entry: FileSystemEntry, path: string, sources: UploadSource[]) {
  if (isFile(entry)) {
    sources.push(
      await new Promise<UploadSource>((resolve) =>
        entry.file(
          (file) => resolve(toSource(file, path)),
          () => resolve(unreadable(entry.name, path)),
        ),
      ),
    )
    return
  }
  if (!isDirectory(entry)) return
  const reader = entry.createReader()
  const inside = path ? `${path}/${entry.name}` : entry.name
  // A reader gives at most 100 entries at a time, and an empty batch at the end.
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (batch.length === 0) return
    for (const child of batch) await walk(child, inside, sources)
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

const folderOf = (relativePath: string) => relativePath.split("/").slice(0, -1).join("/")

const toSource = (file: File, path: string): UploadSource => ({
  name: file.name,
  path,
  contentType: file.type,
  body: file,
})
