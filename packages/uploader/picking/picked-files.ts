import "client-only"
import type { UploadSource } from "../upload.ts"

/** For each picked file, the page waits until Chromium has read its size from the disk. */
const FILES_IN_A_TASK = 100

/**
 * Returns the files of an input or a paste, in order, with the folders of a picked folder. Many
 * files take several tasks, so that the page stays responsive.
 */
export async function pickedFiles(files: Iterable<File>): Promise<UploadSource[]> {
  const sources: UploadSource[] = []
  // The input may be emptied before all of them are read.
  for (const [index, file] of Array.from(files).entries()) {
    if (index > 0 && index % FILES_IN_A_TASK === 0) await nextTask()
    sources.push(sourceOf(file, folderOf(file)))
    void file.size
  }
  return sources
}

const nextTask = () => new Promise<void>((resolve) => setTimeout(resolve))

/**
 * Opens the browser's file dialog, whose handles can be stored. Returns an empty list if nothing is
 * picked, and null if the browser has no such dialog; then use an input.
 */
export async function openFileDialog(): Promise<UploadSource[] | null> {
  if (!window.showOpenFilePicker) return null
  try {
    const handles = await window.showOpenFilePicker({ multiple: true })
    return await Promise.all(handles.map((handle) => sourceOfHandle(handle, "")))
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return []
    throw error
  }
}

export const sourceOf = (file: File, path: string): UploadSource => ({
  name: file.name,
  path,
  contentType: file.type,
  body: file,
})

export async function sourceOfHandle(
  handle: FileSystemFileHandle,
  path: string,
): Promise<UploadSource> {
  try {
    return { ...sourceOf(await handle.getFile(), path), handle }
  } catch {
    return unreadableSource(handle.name, path)
  }
}

/** Stands for a file that cannot be opened: its upload fails, and the others continue. */
export function unreadableSource(name: string, path: string): UploadSource {
  const body = new File([], name)
  body.slice = () => {
    throw new DOMException("The file could not be opened.", "NotReadableError")
  }
  return sourceOf(body, path)
}

// Chromium writes "\\" as "/" in the path, even within a name, but the length is the same.
const folderOf = ({ webkitRelativePath, name }: File) =>
  webkitRelativePath.slice(0, -(name.length + 1))
