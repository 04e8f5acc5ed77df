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
  /** Those directly in the folder. */
  files: File[]
}

/** A page offers a search above this number of files. */
export const SEARCH_ABOVE = 50

// Digits compare as numbers: "day 2" comes before "day 10".
const natural = new Intl.Collator("en", { numeric: true })

/** Files in their folders. Folders stand in natural order, files in the order given. */
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
  finish(root)
  return root
}

/** Files in their folders, both in natural order. */
export function toSortedTree<File extends Placed>(files: readonly File[]): Folder<File> {
  return toTree(files.toSorted((a, b) => natural.compare(a.name, b.name)))
}

/** Every file of a tree, in the order of its rows. */
export function filesOf<File>(folder: Folder<File>): File[] {
  const all: File[] = []
  const collect = ({ folders, files }: Folder<File>) => {
    folders.forEach(collect)
    for (const file of files) all.push(file)
  }
  collect(folder)
  return all
}

/**
 * The files whose path and name ("trip/day 1/a.jpg") contain a text, without regard to case and
 * accents. An empty text keeps every file.
 */
export function filterFiles<File extends Pick<Placed, "name" | "path">>(
  files: readonly File[],
  text: string,
): readonly File[] {
  const wanted = fold(text.trim())
  if (wanted === "") return files
  return files.filter(({ name, path }) => fold(path ? `${path}/${name}` : name).includes(wanted))
}

// Upper case, since it also makes "ß" and "SS" the same. Marks of other scripts stay: in some,
// such as Devanagari, they are the vowels.
const fold = (text: string) =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toUpperCase()

function emptyFolder<File>(name: string, path: string): Folder<File> {
  return { name, path, count: 0, bytes: 0, folders: [], files: [] }
}

/** Sorts, joins and adds up, from the innermost folders outwards. */
function finish<File extends Placed>(folder: Folder<File>) {
  folder.folders.sort((a, b) => natural.compare(a.name, b.name))
  for (const file of folder.files) {
    if (file.status === "abandoned") continue
    folder.count += 1
    folder.bytes += file.size
  }
  folder.folders = folder.folders.map((inside) => {
    finish(inside)
    folder.count += inside.count
    folder.bytes += inside.bytes
    return joined(inside)
  })
}

function joined<File>(folder: Folder<File>): Folder<File> {
  const [only] = folder.folders
  if (!only || folder.folders.length > 1 || folder.files.length > 0) return folder
  return { ...only, name: `${folder.name} / ${only.name}` }
}
