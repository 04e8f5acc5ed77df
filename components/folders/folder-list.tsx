import type { ReactNode } from "react"
import { FileName } from "#components/ui/files/file-name.tsx"
import { classNames } from "../ui/class-names.ts"
import type { Folder } from "./folder.ts"

/** Up to this number of files in the tree, every folder is open at first. */
const FEW_FILES = 30
/** A folder with more rows is closed at first; a longer list renders only visible rows. */
const MANY_ROWS = 200
/** Deeper folders get no further indentation, since a phone is narrow. */
const MAX_INDENTS = 4

export type FolderListProps<File> = {
  tree: Folder<File>
  label?: string
  /** Renders one file as an `li`. */
  row: (file: File) => ReactNode
  /** Renders text beside a folder's name. */
  aside: (folder: Folder<File>) => ReactNode
  /** Renders a control before a folder's row. */
  before?: (folder: Folder<File>) => ReactNode
  /** Renders a control at the end of a folder's row. */
  after?: (folder: Folder<File>) => ReactNode
  /** Renders only the first `rows` of each folder, and `text` for the number of the others. */
  limit?: { rows: number; text: (more: number) => ReactNode }
  /** Renders the end of a folder whose files the tree lists only in part. */
  more?: (folder: Folder<File>) => ReactNode
  /** Whether a folder is open at first. By default in a small tree, or without a sibling. */
  isOpen?: (folder: Folder<File>) => boolean
}

/**
 * Renders a file tree, folders before files. Folders open and close without JavaScript. Uses no
 * hooks and nothing from Next, so that it can also be rendered to static markup.
 */
export function FolderList<File>({ tree, label, ...look }: FolderListProps<File>) {
  return <Rows folder={tree} few={tree.count <= FEW_FILES} depth={0} label={label} {...look} />
}

type RowsProps<File> = Omit<FolderListProps<File>, "tree" | "label"> & {
  folder: Folder<File>
  few: boolean
  depth: number
  label?: string | undefined
}

function Rows<File>({ folder, label, ...look }: RowsProps<File>) {
  const { few, depth, row, aside, before, after, limit, more, isOpen } = look
  const { folders, files } = folder
  const rows = limit?.rows ?? files.length
  const alone = folders.length === 1 && files.length === 0
  return (
    <ul
      aria-label={label}
      className={
        Math.min(rows, files.length) > MANY_ROWS
          ? "*:[contain-intrinsic-size:auto_4rem] *:[content-visibility:auto]"
          : undefined
      }
    >
      {folders.map((inside) => (
        <li
          key={`/${inside.path}`}
          className={classNames("flex gap-3.5 border-t border-line", after && "relative")}
        >
          {before?.(inside)}
          <details
            open={isOpen ? isOpen(inside) : few || (alone && rowsOf(inside) <= MANY_ROWS)}
            className="min-w-0 grow"
          >
            <summary
              className={classNames(
                "flex min-h-11 list-none flex-wrap items-center gap-x-2 py-2 [&::-webkit-details-marker]:hidden",
                after && "pe-12",
              )}
            >
              {CHEVRON}
              {FOLDER}
              <span className="min-w-0 grow basis-2/5 font-medium wrap-anywhere">
                <bdi>
                  <FileName name={inside.name} />
                </bdi>
              </span>
              <span className="text-sm text-soft max-sm:w-full max-sm:ps-12">{aside(inside)}</span>
            </summary>
            <div
              className={classNames(
                depth < MAX_INDENTS && "border-s border-line sm:ms-1.75 sm:ps-4.5",
                depth < MAX_INDENTS &&
                  (before ? "max-sm:-ms-6 max-sm:ps-2" : "max-sm:ms-1.75 max-sm:ps-3"),
                // Keeps the controls before the rows in one column.
                depth >= MAX_INDENTS && before && "-ms-8",
              )}
            >
              <Rows folder={inside} {...look} depth={depth + 1} />
            </div>
          </details>
          {/* Beside the rows inside, not before them, because those take the whole width. */}
          {after && <div className="absolute top-0 end-0">{after(inside)}</div>}
        </li>
      ))}
      {files.slice(0, rows).map(row)}
      {limit && files.length > rows && (
        <li className="border-t border-line py-3 text-sm text-soft">
          {limit.text(files.length - rows)}
        </li>
      )}
      {more && folder.unlisted > 0 && (
        <li className="border-t border-line py-3 text-sm">{more(folder)}</li>
      )}
    </ul>
  )
}

const rowsOf = ({ folders, files }: Folder<unknown>) => folders.length + files.length

// Lucide icons as constant elements, because a component for each row costs more.
const ICON = {
  width: 16,
  height: 16,
  viewBox: "0 0 24 24",
  fill: "none",
  stroke: "currentColor",
  strokeWidth: 2,
  strokeLinecap: "round",
  strokeLinejoin: "round",
} as const

const CHEVRON = (
  <svg
    aria-hidden
    {...ICON}
    className="shrink-0 text-soft transition-transform duration-100 rtl:-scale-x-100 [details[open]>summary>&]:rotate-90 rtl:[details[open]>summary>&]:-rotate-90"
  >
    <path d="m9 18 6-6-6-6" />
  </svg>
)

const FOLDER = (
  <svg aria-hidden {...ICON} className="shrink-0 text-soft">
    <path d="M20 20a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2h-7.9a2 2 0 0 1-1.69-.9L9.6 3.9A2 2 0 0 0 7.93 3H4a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2Z" />
  </svg>
)
