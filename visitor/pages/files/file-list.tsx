import { toFilesPage } from "#components/folders/files-page.ts"
import { type Folder, listsSome, SEARCH_ABOVE, toSortedTree } from "#components/folders/folder.ts"
import { FolderList } from "#components/folders/folder-list.tsx"
import type { LinkFile, OpenPage } from "#lib/rooms/claims/open/link-page.ts"
import type { Listing } from "#lib/rooms/claims/open/open-link.ts"
import { isGallery, isPicture } from "#visitor/pages/gallery/is-gallery.ts"
import { useWords } from "#visitor/pages/page-context.ts"
import { ARROW_DOWN } from "./file-lines.ts"
import { fileRow, fileTile } from "./file-row.tsx"
import { FileSearch } from "./file-search.tsx"
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
