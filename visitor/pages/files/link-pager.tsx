import { type FilesPage, restOf } from "#components/folders/files-page.ts"
import type { Folder } from "#components/folders/folder.ts"
import type { LinkFile } from "#lib/rooms/claims/open/link-page.ts"
import type { Words } from "#visitor/language/page-words.ts"
import { useWords } from "#visitor/pages/page-context.ts"

type Place = { token: string; q: string; after: string }

/** The URL of the page whose list starts after a cursor. islands/following/list-pages.ts fetches it. */
const pageAddress = ({ token, q, after }: Place) =>
  `/s/${token}?${new URLSearchParams({ ...(q && { q }), after })}#files`

type LinkPagerProps = Place & { page: FilesPage<LinkFile> }

/** Links to the next files of a large share, and back to the first page. */
export function LinkPager({ token, q, after, page: { last, hasMore } }: LinkPagerProps) {
  const { t } = useWords()
  if (!hasMore && !after) return null
  return (
    <p className="flex flex-wrap justify-between gap-3 pt-5 print:hidden">
      {after ? (
        <a
          href={pageAddress({ token, q, after: "" })}
          data-list-page
          className="button button-quiet button-sm"
        >
          {t("common.firstFiles")}
        </a>
      ) : (
        <span />
      )}
      {hasMore && last && (
        <a
          href={pageAddress({ token, q, after: last.id })}
          data-list-page
          rel="next"
          className="button button-quiet button-sm"
        >
          {t("common.moreFiles")}
        </a>
      )}
    </p>
  )
}

type RestOfPage = { token: string; q: string; words: Words }

/** Links to the files of a folder that the page does not list. */
export function restLink(
  folder: Folder<LinkFile>,
  page: FilesPage<LinkFile>,
  { token, q, words: { t } }: RestOfPage,
) {
  const { after, what } = restOf(folder, page)
  const text = {
    all: t("common.showFiles", { count: folder.unlisted }),
    next: t("common.moreFiles"),
    first: t("common.filesBefore"),
  }
  return (
    <a
      href={pageAddress({ token, q, after })}
      data-list-page
      className="font-semibold underline underline-offset-3"
    >
      {text[what]}
    </a>
  )
}
