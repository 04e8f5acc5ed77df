import Link from "next/link"
import { useTranslations } from "next-intl"
import type { SharedFile } from "#lib/shares/list/shared-files.ts"
import { type FilesPage, restOf } from "../folders/files-page.ts"
import type { Folder } from "../folders/folder.ts"
import { LinkButton } from "../ui/button.tsx"

type Place = {
  /** The path of the page. */
  path: string
  q: string
  after: string
}

const pageAddress = ({ path, q, after }: Place) =>
  `${path}?${new URLSearchParams({ ...(q && { q }), ...(after && { after }) })}#files`

type FilesPagerProps = Place & { page: FilesPage<SharedFile> }

/** Links to the next files of a large share, and back to the first page. */
export function FilesPager({ path, q, after, page: { last, hasMore } }: FilesPagerProps) {
  const t = useTranslations("common")
  if (!hasMore && !after) return null
  return (
    <p className="flex flex-wrap justify-between gap-3 pt-5">
      {after && (
        <LinkButton href={pageAddress({ path, q, after: "" })} variant="quiet" size="sm">
          {t("firstFiles")}
        </LinkButton>
      )}
      {hasMore && last && (
        <LinkButton
          href={pageAddress({ path, q, after: last.id })}
          variant="quiet"
          size="sm"
          rel="next"
          className="ms-auto"
        >
          {t("moreFiles")}
        </LinkButton>
      )}
    </p>
  )
}

type FolderRestProps = Omit<Place, "after"> & {
  folder: Folder<SharedFile>
  page: FilesPage<SharedFile>
}

/** Links to the files of a folder that the page does not list. */
export function FolderRest({ folder, page, path, q }: FolderRestProps) {
  const t = useTranslations("common")
  const { after, what } = restOf(folder, page)
  const text = {
    all: t("showFiles", { count: folder.unlisted }),
    next: t("moreFiles"),
    first: t("filesBefore"),
  }
  return (
    <Link
      href={pageAddress({ path, q, after })}
      prefetch={false}
      className="font-semibold underline underline-offset-3"
    >
      {text[what]}
    </Link>
  )
}
