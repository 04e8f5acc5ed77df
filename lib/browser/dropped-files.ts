import "client-only"
import type { UploadSource } from "./upload.ts"

/** Files of a picker, in its order. */
export function pickedFiles(files: Iterable<File>): UploadSource[] {
  return Array.from(files, (file) => toSource(file, folderOf(file.webkitRelativePath)))
}

/** Files of a drop or paste, those inside dropped folders too. */
export async function droppedFiles(transfer: DataTransfer): Promise<UploadSource[]> {
  // Entries must be taken now: the transfer is empty after the first await.
  const dropped = Array.from(transfer.items)
    .filter(({ kind }) => kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const sources: UploadSource[] = []
  for (const { entry, file } of dropped) {
    if (entry?.isDirectory) await walk(entry, "", sources)
    else if (file) sources.push(toSource(file, ""))
  }
  return sources
}

async function walk(entry: FileSystemEntry, path: string, sources: UploadSource[]) {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    sources.push(toSource(file, path))
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
