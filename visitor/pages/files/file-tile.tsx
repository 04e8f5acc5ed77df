import { fileKind } from "#components/ui/files/file-kind.tsx"
import type { LinkFile } from "#lib/rooms/claims/open/link-page.ts"
import { downloadPath, largeFile } from "../files/download-form.tsx"
import {
  ARROW_DOWN,
  nameLine,
  type RowContext,
  sizeLine,
  thumbnailPath,
  waitingLine,
} from "../files/file-lines.tsx"
import { previewPath, previewWords } from "../files/preview-link.tsx"

/** A file of a gallery: its thumbnail, which leads to its preview, its name and its download. */
export function fileTile(file: LinkFile, row: RowContext) {
  const { words, token, hasDownload } = row
  const { id, name, status } = file
  const isReady = status === "ready"
  const download = words.t("visitor.downloadNamed", { name })
  return (
    <li key={id} className="file-tile">
      {isReady && file.preview ? previewTile(file, row) : <b aria-hidden>{fileKind(name)}</b>}
      {nameLine(file)}
      <div>
        {isReady ? sizeLine(file, row) : waitingLine(file, row)}
        {isReady && hasDownload && (
          <form method="post" action={downloadPath(token, id)} {...largeFile(file)}>
            <button type="submit" aria-label={download} title={download} className="folder-zip">
              {ARROW_DOWN}
            </button>
          </form>
        )}
      </div>
    </li>
  )
}

/** Links to the file itself, as a row's preview link does; islands/previews.ts opens the viewer. */
function previewTile(file: LinkFile, { words, token }: RowContext) {
  const { id, name, preview, size } = file
  return (
    <a
      href={previewPath(token, id)}
      target="_blank"
      rel="noreferrer"
      data-kind={preview}
      data-size={size}
      aria-label={previewWords(file, words).label}
    >
      {file.hasThumbnail ? (
        // biome-ignore lint/performance/noImgElement: this is not one of Next's pages
        <img src={thumbnailPath(token, id)} alt="" loading="lazy" data-type={fileKind(name)} />
      ) : (
        <b aria-hidden>{fileKind(name)}</b>
      )}
    </a>
  )
}
