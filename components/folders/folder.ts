/** What a tree is made of. `path` is the folder, relative, "/" between names, or "". */
export type Placed = { path: string; size: number; status?: string }

/** A folder with all that is in it, at whatever depth: `count` and `bytes` are of the whole, what was given up left out. */
export type Folder<File> = {
  name: string
  path: string
  count: number
  bytes: number
  /** Those right here, in the order they came. */
  files: File[]
  folders: Folder<File>[]
}

const inOrder = new Intl.Collator("en", { numeric: true })

/** Files as their folders hold them; subfolders stand in the order people count. */
export function toTree<File extends Placed>(files: readonly File[]): Folder<File> {
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

  for (const file of files) folderAt(file.path).files.push(file)
  addUp(root)
  return root
}

function emptyFolder<File>(name: string, path: string): Folder<File> {
  return { name, path, count: 0, bytes: 0, files: [], folders: [] }
}

function addUp<File extends Placed>(folder: Folder<File>) {
  folder.folders.sort((a, b) => inOrder.compare(a.name, b.name))
  const coming = folder.files.filter(({ status }) => status !== "abandoned")
  folder.count = coming.length
  folder.bytes = coming.reduce((sum, { size }) => sum + size, 0)
  for (const inside of folder.folders) {
    addUp(inside)
    folder.count += inside.count
    folder.bytes += inside.bytes
  }
}

/** Every file in the order the tree shows them. */
export function filesOf<File>(folder: Folder<File>): File[] {
  return [...folder.files, ...folder.folders.flatMap(filesOf)]
}

/** Rows on one page: more would be slow on a phone. */
export const PART_SIZE = 200

/** One part of a large tree. Its folders tell the count and bytes of the whole. `from` and `to` count from 1. */
export function partOf<File extends Placed>(files: readonly File[], part: number) {
  const whole = toTree(files)
  const parts = Math.max(1, Math.ceil(files.length / PART_SIZE))
  const shown = Math.min(Math.max(1, part), parts)
  const start = (shown - 1) * PART_SIZE
  const here = filesOf(whole).slice(start, start + PART_SIZE)
  const tree = parts === 1 ? whole : toTree(here)
  if (parts > 1) copyTotals(whole, tree)
  return { tree, part: shown, parts, from: start + 1, to: start + here.length }
}

function copyTotals<File>(from: Folder<File>, to: Folder<File>) {
  to.count = from.count
  to.bytes = from.bytes
  const byPath = new Map(from.folders.map((folder) => [folder.path, folder]))
  for (const folder of to.folders) {
    const same = byPath.get(folder.path)
    if (same) copyTotals(same, folder)
  }
}
