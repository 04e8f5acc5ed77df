import { ChevronRight, Folder as FolderIcon } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { formatBytes } from "#lib/format-bytes.ts"
import { classNames } from "../ui/class-names.ts"
import { FileName } from "../ui/file-name.tsx"
import type { Folder } from "./folder.ts"

/** Up to so many files every folder is open from the start. */
const FEW = 30
/** Deeper folders stand no further in: a phone is narrow. */
const MAX_STEPS = 4

type FolderTreeProps<File> = {
  tree: Folder<File>
  label?: string
  /** One file, as an `li`. */
  row: (file: File) => ReactNode
  /** What a folder's line says beside its name; left out: its count and size. */
  aside?: (folder: Folder<File>) => ReactNode
  /** A control in front of a folder's line. */
  before?: (folder: Folder<File>) => ReactNode
  /** Rows drawn of each folder; the others are counted. */
  maxRows?: number
  /** Whether a folder that the reader has not touched is open; left out: while there are few files, or nothing beside it. */
  isOpen?: (folder: Folder<File>) => boolean
}

/** Files in folders that open and close, also without JavaScript. */
export function FolderTree<File>({ tree, label, ...drawing }: FolderTreeProps<File>) {
  const few = tree.count <= FEW
  return <Inside folder={tree} few={few} step={0} label={label} {...drawing} />
}

type InsideProps<File> = Omit<FolderTreeProps<File>, "tree" | "label"> & {
  folder: Folder<File>
  few: boolean
  step: number
  label?: string | undefined
}

function Inside<File>({ folder, label, ...drawing }: InsideProps<File>) {
  const { few, step, row, aside, before, isOpen, maxRows = folder.files.length } = drawing
  const more = folder.files.length - maxRows
  const alone = folder.folders.length === 1 && folder.files.length === 0
  return (
    <ul aria-label={label}>
      {folder.files.slice(0, maxRows).map(row)}
      {more > 0 && <More count={more} />}
      {folder.folders.map((inside) => (
        <li key={`/${inside.path}`} className="flex gap-3.5 border-t border-line">
          {before?.(inside)}
          <details open={isOpen?.(inside) ?? (few || alone)} className="group/folder min-w-0 grow">
            <summary className="flex min-h-11 list-none flex-wrap items-center gap-x-2 py-2 [&::-webkit-details-marker]:hidden">
              <ChevronRight
                aria-hidden
                size={16}
                className="shrink-0 text-soft transition-transform duration-100 [details[open]>summary>&]:rotate-90"
              />
              <FolderIcon aria-hidden size={16} className="shrink-0 text-soft" />
              <span className="min-w-0 grow basis-2/5 font-medium wrap-anywhere">
                <FileName name={inside.name} />
              </span>
              <span className="text-sm text-soft max-sm:w-full max-sm:pl-12">
                {aside ? aside(inside) : <Total folder={inside} />}
              </span>
            </summary>
            <div
              className={classNames(
                step < MAX_STEPS && "border-l border-line sm:ml-1.75 sm:pl-4.5",
                step < MAX_STEPS &&
                  (before ? "max-sm:-ml-6 max-sm:pl-2" : "max-sm:ml-1.75 max-sm:pl-3"),
                // The controls in front stand in one column.
                step >= MAX_STEPS && before && "-ml-8",
              )}
            >
              <Inside folder={inside} {...drawing} step={step + 1} />
            </div>
          </details>
        </li>
      ))}
    </ul>
  )
}

function More({ count }: { count: number }) {
  const t = useTranslations("common")
  return (
    <li className="border-t border-line py-3 text-sm text-soft">{t("moreFiles", { count })}</li>
  )
}

function Total<File>({ folder: { count, bytes } }: { folder: Folder<File> }) {
  const t = useTranslations("common")
  return t("folderTotal", { count, size: formatBytes(bytes, useLocale()) })
}
