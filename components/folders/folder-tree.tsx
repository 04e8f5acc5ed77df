import { useLocale, useTranslations } from "next-intl"
import { formatBytes } from "#lib/format-bytes.ts"
import { FolderList, type FolderListProps } from "./folder-list.tsx"

type FolderTreeProps<File> = Omit<FolderListProps<File>, "aside" | "limit"> & {
  /** Without it: how many files a folder holds, and their size. */
  aside?: FolderListProps<File>["aside"]
  /** Draws only so many files of each folder, and counts the others. */
  maxRows?: number
}

/** A FolderList whose words are those of the page. */
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
        limit: { rows: maxRows, text: (count) => t("moreFiles", { count }) },
      })}
    />
  )
}
