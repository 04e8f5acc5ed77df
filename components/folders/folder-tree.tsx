import { useLocale, useTranslations } from "next-intl"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { FolderList, type FolderListProps } from "./folder-list.tsx"

type FolderTreeProps<File> = Omit<FolderListProps<File>, "aside" | "limit"> & {
  /** Text beside a folder's name; by default the number of its files and their size. */
  aside?: FolderListProps<File>["aside"]
  /** Renders only this number of files in each folder, then the number of the others. */
  maxRows?: number
}

/** A FolderList with messages in the page's language. */
export function FolderTree<File>({ aside, maxRows, ...list }: FolderTreeProps<File>) {
  const t = useTranslations("common")
  const locale = useLocale()
  return (
    <FolderList
      {...list}
      aside={
        aside ??
        (({ count, bytes }) => t("folderTotal", { count, size: formatBytes(bytes, locale) }))
      }
      {...(maxRows !== undefined && {
        limit: { rows: maxRows, text: (count) => t("andMoreFiles", { count }) },
      })}
    />
  )
}
