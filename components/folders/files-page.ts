import { ROWS_PER_PAGE, type SharedFiles } from "#lib/rooms/shares/list/shared-files.ts"
import { countFolders, type Folder, listsSome, type Placed, toTree } from "./folder.ts"

/** With more folders, the tree shows only the folders of the listed files. */
const MAX_FOLDERS = ROWS_PER_PAGE / 2

/** A page of a large file tree, with at most ROWS_PER_PAGE rows. */
export type FilesPage<File> = {
  tree: Folder<File>
  /** The last listed file. */
  last: File | undefined
  /** Whether files follow after it. */
  hasMore: boolean
}

type Listed<File> = Pick<SharedFiles, "folders" | "hasMore"> & { files: readonly File[] }

/** Builds the page that begins with these files, which are in tree order. */
export function toFilesPage<File extends Placed>(listed: Listed<File>): FilesPage<File> {
  const { files, folders } = listed
  const whole = toTree<File>([], folders)
  const folderCount = countFolders(whole)
  const isWhole = folderCount <= MAX_FOLDERS
  const shown = isWhole ? files.slice(0, ROWS_PER_PAGE - folderCount) : fitRows(files)
  const tree = toTree(shown, folders)
  if (!isWhole) dropUnlisted(tree)
  return { tree, last: shown.at(-1), hasMore: listed.hasMore || shown.length < files.length }
}

/** The files that fit on a page together with a row for each of their folders. */
function fitRows<File extends Placed>(files: readonly File[]): readonly File[] {
  const folders = new Set<string>()
  for (const [index, { path }] of files.entries()) {
    for (
      let above = path;
      above !== "";
      above = above.slice(0, Math.max(0, above.lastIndexOf("/")))
    )
      folders.add(above)
    if (index + 1 + folders.size > ROWS_PER_PAGE) return files.slice(0, Math.max(1, index))
  }
  return files
}

function dropUnlisted<File>(folder: Folder<File>) {
  folder.folders = folder.folders.filter(listsSome)
  folder.folders.forEach(dropUnlisted)
}

/** The cursor for `after` that lists the remaining files of a folder, and which those are. */
export function restOf<File extends { id: string } & Placed>(
  folder: Folder<File>,
  { last, hasMore }: FilesPage<File>,
): { after: string; what: "all" | "next" | "first" } {
  if (folder.files.length === 0) return { after: `/${folder.path}`, what: "all" }
  if (hasMore && last && folder.files.includes(last)) return { after: last.id, what: "next" }
  return { after: `/${folder.path}`, what: "first" }
}
