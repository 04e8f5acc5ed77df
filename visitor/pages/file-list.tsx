import { toFilesPage } from "#components/folders/files-page.ts"
import { type Folder, listsSome, SEARCH_ABOVE, toSortedTree } from "#components/folders/folder.ts"
import { FolderList } from "#components/folders/folder-list.tsx"
import { fileKind } from "#components/ui/files/file-kind.tsx"
import { FileName } from "#components/ui/files/file-name.tsx"
import type { LinkFile, OpenPage } from "#lib/claims/open/link-page.ts"
import type { Listing } from "#lib/claims/open/open-link.ts"
import type { Words } from "#visitor/language/page-words.ts"
import { downloadPath, largeFile } from "./download-form.tsx"
import { FileSearch } from "./file-search.tsx"
import { LinkPager, restLink } from "./link-pager.tsx"
import { previewLink } from "./preview-link.tsx"
import { useWords } from "./use-words.ts"

type FileListProps = { token: string; link: OpenPage; listing: Listing | undefined }

/** The files by folder, folders first, with a search if there are many. */
export function FileList({ token, link, listing }: FileListProps) {
  const words = useWords()
  const { t, bytes } = words
  const { files, counts, part, viewOnly, needsClaim } = link
  const { q = "", after = "" } = listing ?? {}
  const coming = counts.ready + counts.arriving
  const hasSeveral = coming + counts.abandoned > 1
  const page = part && toFilesPage({ ...part, files })
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
    <section id="files" data-live="files" className="mt-6.5">
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
        row={(file) => fileRow(file, row)}
      />
      <div className="border-t border-line" />
      {page && <LinkPager token={token} q={q} after={after} page={page} />}
    </section>
  )
}

// Lucide's download icon, as a constant element.
const ARROW_DOWN = (
  <svg
    aria-hidden
    width={16}
    height={16}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth={2}
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <path d="M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4M7 10l5 5 5-5M12 15V3" />
  </svg>
)

type RowContext = {
  words: Words
  token: string
  sender: string
  viewOnly: boolean
  needsClaim: boolean
  /**
   * Whether the row has a download button; a single file is downloaded by the page's main button.
   */
  hasDownload: boolean
  /** The text of each button. */
  download: string
}

// Functions that return elements, not components: there may be thousands of rows, and components
// would double the cost of rendering.
function fileRow(file: LinkFile, row: RowContext) {
  const { words, token, sender, hasDownload, download } = row
  const { t, bytes } = words
  const { id, name, status, size } = file
  const abandoned = status === "abandoned"
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
        <p className={abandoned ? "text-soft" : undefined} title={isLong(name) ? name : undefined}>
          {isLong(name) ? <FileName name={name} /> : name}
        </p>
        {abandoned ? (
          <p>{t("visitor.abandoned", { sender })}</p>
        ) : status === "uploading" ? (
          <p>{`${bytes(size)} · ${t(file.isPaused ? "visitor.paused" : "visitor.onItsWay")}`}</p>
        ) : (
          readyLine(file, row)
        )}
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

const thumbnailPath = (token: string, fileId: string) => `/s/${token}/t/${fileId}`

/** A name that may not fit on a line of a phone. */
const isLong = (name: string) => name.length > 20

/** The size, the checksum if there is one, and the link to the preview. */
function readyLine(file: LinkFile, { words, token, sender, viewOnly, needsClaim }: RowContext) {
  const { t, bytes } = words
  const size = file.sha256 ? checksum(file, file.sha256, words, sender) : <p>{bytes(file.size)}</p>
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

/** The size, and the checksum in a disclosure. */
function checksum(file: LinkFile, sha256: string, { t, bytes }: Words, sender: string) {
  const { name, size, sha256Verified } = file
  return (
    <details data-copy={t("visitor.copySha256Of", { name })}>
      <summary>
        {bytes(size)} · <u>{t("visitor.sha256")}</u>
        <span className="sr-only"> {t("visitor.ofFile", { name })}</span>
      </summary>
      <code>{sha256}</code>
      <small>
        {t(sha256Verified ? "visitor.sha256Verified" : "visitor.sha256Stated", { sender })}
      </small>
    </details>
  )
}
