import { fileKind } from "#components/ui/files/file-kind.tsx"
import type { LinkFile } from "#lib/rooms/claims/open/link-page.ts"
import { html } from "#visitor/pages/html.ts"
import { downloadForm } from "./download-form.tsx"
import {
  ARROW_DOWN,
  nameLine,
  type RowContext,
  shortNameLine,
  sizeLine,
  thumbnailPath,
  waitingLine,
} from "./file-lines.ts"
import { previewLink } from "./preview-link.ts"

/** A file of a list: its kind or thumbnail, its name, its size and its actions. */
export const fileRow = (file: LinkFile, row: RowContext) => (
  // biome-ignore lint/security/noDangerouslySetInnerHtml: html`` escapes dynamic values
  <li key={file.id} className="file-row" dangerouslySetInnerHTML={rowMarkup(file, row)} />
)

/** A picture of a gallery: its thumbnail, which leads to its preview, its name and its download. */
export const fileTile = (file: LinkFile, row: RowContext) => (
  // biome-ignore lint/security/noDangerouslySetInnerHtml: html`` escapes dynamic values
  <li key={file.id} className="file-tile" dangerouslySetInnerHTML={tileMarkup(file, row)} />
)

function rowMarkup(file: LinkFile, row: RowContext) {
  const { words, token, hasDownload, needsClaim, download } = row
  const { id, name, status, hasThumbnail } = file
  const kind = fileKind(name)
  const sign =
    hasThumbnail && !needsClaim
      ? html`<img src="${thumbnailPath(token, id)}" alt="" width="38" height="38" loading="lazy" data-type="${kind}">`
      : html`<b aria-hidden="true">${kind}</b>`
  const isReady = status === "ready"
  const label = words.t("visitor.downloadNamed", { name })
  const button = html`<button aria-label="${label}">${download}</button>`
  return html`${sign}<div>${name !== row.heading && nameLine(file)}${
    isReady ? readyLine(file, row) : waitingLine(file, row)
  }</div>${isReady && hasDownload && downloadForm(token, file, button)}`
}

/** The size, the checksum if there is one, and the link to the preview. */
function readyLine(file: LinkFile, row: RowContext) {
  const { words, token, viewOnly, needsClaim, heading } = row
  const size = sizeLine(file, row)
  if (file.preview) {
    const isUnnamed = file.name === heading
    return html`<div>${size}${previewLink({ token, file, words, needsClaim, isUnnamed })}</div>`
  }
  return viewOnly ? html`<div>${size}<p>${words.t("visitor.noLook")}</p></div>` : size
}

function tileMarkup(file: LinkFile, row: RowContext) {
  const { words, token, hasDownload } = row
  const { id, name } = file
  const picture = html`<img src="${thumbnailPath(token, id)}" alt="" loading="lazy" data-type="${fileKind(name)}">`
  const link = previewLink({ token, file, words, content: picture })
  const label = words.t("visitor.downloadNamed", { name })
  const button = html`<button aria-label="${label}" title="${label}">${ARROW_DOWN}</button>`
  return html`${link}${shortNameLine(file)}${sizeLine(file, row)}${
    hasDownload && downloadForm(token, file, button)
  }`
}
