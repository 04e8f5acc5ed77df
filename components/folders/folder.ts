import type { FolderContent } from "#lib/rooms/shares/list/shared-files.ts"

/** A file with its position in a tree. `path` is its folder: names joined by "/", or "". */
export type Placed = { name: string; path: string; size: number; status?: string }

/**
 * One folder row of a tree. A folder that contains only one other folder shares a row with it. A
 * row of several folders has the name "a/b/c", and the path of the innermost.
 */
export type Folder<File> = {
  name: string
  path: string
  /** The number of files at any depth, without abandoned uploads. */
  count: number
  /** The size of the counted files in bytes. */
  bytes: number
  folders: Folder<File>[]
  /** The listed files directly in the folder. */
  files: File[]
  /** The number of files directly in the folder that are not listed. */
  unlisted: number
}

/** Above this number of files a page offers a search. */
export const SEARCH_ABOVE = 50

// Compares digits as numbers: "day 2" sorts before "day 10".
const natural = new Intl.Collator("en", { numeric: true })

/**
 * Groups files by folder. Folders are sorted naturally, files keep their order. `contents` gives
 * the counts of the folders of which `files` has only a part.
 */
export function toTree<File extends Placed>(
  files: readonly File[],
  contents: readonly FolderContent[] = contentsOf(files),
): Folder<File> {
  const root = emptyFolder<File>("", "")
  const known = new Map([["", root]])

  function folderAt(path: string): Folder<File> {
    const found = known.get(path)
    if (found) return found
    const cut = path.lastIndexOf("/")
    const folder = emptyFolder<File>(path.slice(cut + 1), path)
    known.set(path, folder)
    folderAt(path.slice(0, Math.max(0, cut))).folders.push(folder)
    return folder
  }

  for (const { path, files: unlisted, count, bytes } of contents)
    Object.assign(folderAt(path), { unlisted, count, bytes })
  for (const file of files) {
    const folder = folderAt(file.path)
    folder.files.push(file)
    folder.unlisted -= 1
  }
  finish(root)
  return root
}

/** Groups files by folder, with folders and files sorted naturally. */
export function toSortedTree<File extends Placed>(files: readonly File[]): Folder<File> {
  return toTree(files.toSorted((a, b) => natural.compare(a.name, b.name)))
}

/** All listed files of a tree, in row order. */
export function filesOf<File>(folder: Folder<File>): File[] {
  const all: File[] = []
  const collect = ({ folders, files }: Folder<File>) => {
    folders.forEach(collect)
    for (const file of files) all.push(file)
  }
  collect(folder)
  return all
}

/** A path as seen from a folder: "" is the folder, and a path elsewhere stays whole. */
export function pathBelow(folder: string, path: string): string {
  if (path === folder) return ""
  return folder !== "" && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path
}

/** Whether a tree lists any file. */
export const listsSome = ({ files, folders }: Folder<unknown>): boolean =>
  files.length > 0 || folders.some(listsSome)

/** The number of folder rows below a folder. */
export const countFolders = ({ folders }: Folder<unknown>): number =>
  folders.reduce((sum, folder) => sum + 1 + countFolders(folder), 0)

function contentsOf(files: readonly Placed[]) {
  const contents = new Map<string, FolderContent>()
  for (const { path, size, status } of files) {
    let content = contents.get(path)
    if (!content) {
      content = { path, files: 0, count: 0, bytes: 0 }
      contents.set(path, content)
    }
    content.files += 1
    if (status === "abandoned") continue
    content.count += 1
    content.bytes += size
  }
  return [...contents.values()]
}

function emptyFolder<File>(name: string, path: string): Folder<File> {
  return { name, path, count: 0, bytes: 0, folders: [], files: [], unlisted: 0 }
}

/** Sorts the folders, merges single ones and sums up the counts, innermost first. */
function finish<File>(folder: Folder<File>) {
  folder.folders.sort((a, b) => natural.compare(a.name, b.name))
  folder.folders = folder.folders.map((inside) => {
    finish(inside)
    folder.count += inside.count
    folder.bytes += inside.bytes
    return joined(inside)
  })
}

function joined<File>(folder: Folder<File>): Folder<File> {
  const [only] = folder.folders
  const hasFiles = folder.files.length + folder.unlisted > 0
  if (!only || folder.folders.length > 1 || hasFiles) return folder
  return { ...only, name: `${folder.name}/${only.name}` }
}
