import { toFilesPage } from "#components/folders/files-page.ts"
import { type Folder, listsSome, SEARCH_ABOVE, toSortedTree } from "#components/folders/folder.ts"
import { FolderList } from "#components/folders/folder-list.tsx"
import { CONTROL } from "#components/ui/forms/control-class.ts"
import type { LinkFile, OpenPage } from "#lib/rooms/claims/open/link-page.ts"
import type { Listing } from "#lib/rooms/claims/open/open-link.ts"
import { isGallery, isPicture } from "#visitor/pages/files/is-gallery.ts"
import { useWords } from "#visitor/pages/page-context.ts"
import { ARROW_DOWN } from "./file-lines.ts"
import { fileRow, fileTile } from "./file-row.tsx"
import { LinkPager, restLink } from "./link-pager.tsx"

type FileListProps = {
  token: string
  link: OpenPage
  listing: Listing | undefined
  /** Whether the reader is a bot, which gets no thumbnails. */
  isBot: boolean
  /** The page's heading, if it names its only file. */
  heading: string | null
}

/** The files by folder, folders first, with a search if there are many; pictures as a gallery. */
export function FileList({ token, link, listing, isBot, heading }: FileListProps) {
  const words = useWords()
  const { t, bytes } = words
  const { files, counts, part, viewOnly, needsClaim } = link
  const { q = "", after = "" } = listing ?? {}
  const coming = counts.ready + counts.arriving
  const hasSeveral = coming + counts.abandoned > 1
  const page = part && toFilesPage({ ...part, files })
  const inGallery = !isBot && isGallery(link)
  const row = {
    words,
    token,
    viewOnly,
    needsClaim,
    heading,
    sender: link.senderName,
    download: t("visitor.download"),
    hasDownload: hasSeveral && !viewOnly,
  }
  const total = ({ count, bytes: size }: Folder<LinkFile>) =>
    t("common.folderTotal", { count, size: bytes(size) })
  const zipButton = ({ name, path, count }: Folder<LinkFile>) =>
    count > 0 && (
      <div className="needs-script print:hidden">
        <button
          type="button"
          data-zip={path}
          aria-label={t("visitor.zip.folder", { name })}
          title={t("visitor.zip.folder", { name })}
          className="needs-zip folder-zip"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant
          dangerouslySetInnerHTML={ARROW_DOWN}
        />
      </div>
    )
  return (
    <section id="files" data-live="files" className={inGallery ? "files gallery" : "files"}>
      {hasSeveral && (
        <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 pb-1">
          <h2 className="text-sm text-soft">
            {t("visitor.total", {
              count: coming,
              size: bytes(counts.readyBytes + counts.arrivingBytes),
            })}
          </h2>
          {!viewOnly && (
            <div className="needs-script -mx-3.25 print:hidden">
              <button type="button" data-choose className="needs-zip button button-text button-sm">
                {t("visitor.zip.choose")}
              </button>
            </div>
          )}
        </div>
      )}
      {coming + counts.abandoned > SEARCH_ABOVE && (
        <FileSearch token={token} q={q} found={part?.found ?? files.length} />
      )}
      <FolderList<LinkFile>
        tree={page?.tree ?? toSortedTree(hasSeveral ? files : files.map(withoutFolder))}
        aside={total}
        {...(!viewOnly && { after: zipButton })}
        {...((q || after) && { isOpen: (folder) => listsSome(folder) })}
        {...(page && { more: (folder) => restLink(folder, page, { token, q, words }) })}
        row={(file) => (inGallery && isPicture(file) ? fileTile(file, row) : fileRow(file, row))}
      />
      {page && <LinkPager token={token} q={q} after={after} page={page} />}
    </section>
  )
}

/** A single file needs no row of its folder. */
const withoutFolder = (file: LinkFile) => ({ ...file, path: "" })

type FileSearchProps = { token: string; q: string; found: number }

/** Searches the file names by a query parameter, so that it works without JavaScript. */
function FileSearch({ token, q, found }: FileSearchProps) {
  const { t } = useWords()
  return (
    // biome-ignore lint/a11y/useSemanticElements: not every browser supports the search element
    <form
      method="get"
      action={`/s/${token}#files`}
      role="search"
      className="mb-3 space-y-2 print:hidden"
    >
      <div className="flex gap-2">
        <input
          type="search"
          name="q"
          defaultValue={q}
          maxLength={200}
          aria-label={t("visitor.search.label")}
          placeholder={t("visitor.search.label")}
          className={`${CONTROL} h-9 grow text-sm`}
        />
        <button type="submit" className="button button-quiet button-sm">
          {t("visitor.search.button")}
        </button>
      </div>
      {q && (
        <p role="status" className="text-sm text-soft">
          {t("visitor.search.found", { count: found, q })}{" "}
          <a href={`/s/${token}?q=#files`} className="font-semibold text-ink underline">
            {t("visitor.search.all")}
          </a>
        </p>
      )}
    </form>
  )
}
