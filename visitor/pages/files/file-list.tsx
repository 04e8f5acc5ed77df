import { toFilesPage } from "#components/folders/files-page.ts"
import { type Folder, listsSome, SEARCH_ABOVE, toSortedTree } from "#components/folders/folder.ts"
import { FolderList } from "#components/folders/folder-list.tsx"
import { fileKind } from "#components/ui/files/file-kind.tsx"
import type { LinkFile, OpenPage } from "#lib/rooms/claims/open/link-page.ts"
import type { Listing } from "#lib/rooms/claims/open/open-link.ts"
import { fileTile } from "#visitor/pages/files/file-tile.tsx"
import { isGallery } from "#visitor/pages/gallery/is-gallery.ts"
import { useWords } from "#visitor/pages/use-words.ts"
import { downloadPath, largeFile } from "./download-form.tsx"
import {
  ARROW_DOWN,
  nameLine,
  type RowContext,
  sizeLine,
  thumbnailPath,
  waitingLine,
} from "./file-lines.tsx"
import { FileSearch } from "./file-search.tsx"
import { LinkPager, restLink } from "./link-pager.tsx"
import { previewLink } from "./preview-link.tsx"

type FileListProps = {
  token: string
  link: OpenPage
  listing: Listing | undefined
  /** Whether the reader is a bot, which gets no thumbnails. */
  isBot: boolean
}

/** The files by folder, folders first, with a search if there are many; pictures as a gallery. */
export function FileList({ token, link, listing, isBot }: FileListProps) {
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
        >
          {ARROW_DOWN}
        </button>
      </div>
    )
  return (
    <section id="files" data-live="files" className={inGallery ? "gallery mt-6.5" : "mt-6.5"}>
      {hasSeveral && (
        <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 pb-1">
          <h2 className="text-sm text-soft">
            {t("visitor.total", {
              count: coming,
              size: bytes(counts.readyBytes + counts.arrivingBytes),
            })}
          </h2>
          {!viewOnly && (
            <div className="needs-script -ms-3.25 print:hidden">
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
        tree={page?.tree ?? toSortedTree(files)}
        aside={total}
        {...(!viewOnly && { after: zipButton })}
        {...((q || after) && { isOpen: (folder) => listsSome(folder) })}
        {...(page && { more: (folder) => restLink(folder, page, { token, q, words }) })}
        row={(file) => (inGallery ? fileTile(file, row) : fileRow(file, row))}
      />
      <div className="border-t border-line" />
      {page && <LinkPager token={token} q={q} after={after} page={page} />}
    </section>
  )
}

function fileRow(file: LinkFile, row: RowContext) {
  const { words, token, hasDownload, download } = row
  const { t } = words
  const { id, name, status } = file
  return (
    <li key={id} className="file-row">
      {file.hasThumbnail && !row.needsClaim ? (
        // biome-ignore lint/performance/noImgElement: this is not one of Next's pages
        <img
          src={thumbnailPath(token, id)}
          alt=""
          width={38}
          height={38}
          loading="lazy"
          data-type={fileKind(name)}
        />
      ) : (
        <b aria-hidden>{fileKind(name)}</b>
      )}
      <div>
        {nameLine(file)}
        {status === "ready" ? readyLine(file, row) : waitingLine(file, row)}
      </div>
      {status === "ready" && hasDownload && (
        <form method="post" action={downloadPath(token, id)} {...largeFile(file)}>
          {/* biome-ignore lint/a11y/useButtonType: the default type of a button is submit */}
          <button aria-label={t("visitor.downloadNamed", { name })}>{download}</button>
        </form>
      )}
    </li>
  )
}

/** The size, the checksum if there is one, and the link to the preview. */
function readyLine(file: LinkFile, row: RowContext) {
  const { words, token, viewOnly, needsClaim } = row
  const { t } = words
  const size = sizeLine(file, row)
  if (file.preview) {
    return (
      <div>
        {size}
        {previewLink({ token, file, words, needsClaim })}
      </div>
    )
  }
  if (!viewOnly) return size
  return (
    <div>
      {size}
      <p>{t("visitor.noLook")}</p>
    </div>
  )
}
