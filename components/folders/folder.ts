import type { FolderContent } from "#lib/shares/list/shared-files.ts"

/** A file with its place in a tree. `path` is its folder: names with "/" between, or "". */
export type Placed = { name: string; path: string; size: number; status?: string }

/**
 * One row of a tree. A folder that holds nothing but one folder shares a row with it, so a row may
 * stand for several: its name is then "a / b / c", its path that of the innermost.
 */
export type Folder<File> = {
  name: string
  path: string
  /** Files at any depth, without those whose upload was abandoned. */
  count: number
  /** Bytes of the same files. */
  bytes: number
  folders: Folder<File>[]
  /** Those directly in the folder that are listed. */
  files: File[]
  /** How many more are directly in it. */
  unlisted: number
}

/** A page offers a search above this number of files. */
export const SEARCH_ABOVE = 50

// Digits compare as numbers: "day 2" comes before "day 10".
const natural = new Intl.Collator("en", { numeric: true })

/**
 * Files in their folders. Folders stand in natural order, files in the order given. `contents` says
 * what the folders hold, where these are not all of the files.
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

/** Files in their folders, both in natural order. */
export function toSortedTree<File extends Placed>(files: readonly File[]): Folder<File> {
  return toTree(files.toSorted((a, b) => natural.compare(a.name, b.name)))
}

/** Every file that a tree lists, in the order of its rows. */
export function filesOf<File>(folder: Folder<File>): File[] {
  const all: File[] = []
  const collect = ({ folders, files }: Folder<File>) => {
    folders.forEach(collect)
    for (const file of files) all.push(file)
  }
  collect(folder)
  return all
}

/** Whether a tree lists any file. */
export const listsSome = ({ files, folders }: Folder<unknown>): boolean =>
  files.length > 0 || folders.some(listsSome)

/** How many folders are below this one, as rows. */
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

/** Sorts, joins and adds up, from the innermost folders outwards. */
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
  return { ...only, name: `${folder.name} / ${only.name}` }
}
