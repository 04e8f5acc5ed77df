import { element } from "#components/viewer/element.ts"
import type { ViewerHost } from "#components/viewer/host.ts"
import * as viewer from "#components/viewer/viewer.ts"
import { ownerUrl, teamHeader, teamOf } from "#lib/adapters/http/owner-path.ts"
import { previewOf } from "#lib/rooms/files/preview-kind.ts"
import type { OwnFilesPage, ViewerScript } from "#lib/rooms/files/reads/own-scripts.ts"
import { loadWords, pageData, serverNow, t } from "../page-data.ts"

/** The script by which a member's page shows the member's files in the viewer. */
export const openOwnFile: ViewerScript["openOwnFile"] = (page, id) => {
  Object.assign(pageData, page.scripts)
  return id === undefined ? viewer.openFromAddress(hostOf(page)) : viewer.openFile(hostOf(page), id)
}

export const closeOwnFile: ViewerScript["closeOwnFile"] = viewer.close

const shownTeam = () => teamOf(location.pathname)

/** The links of components/files/file-link.tsx, in order. */
const links = () => [...document.querySelectorAll<HTMLElement>("[data-file]")]

const hostOf = ({ scripts, refresh, signedOut }: OwnFilesPage): ViewerHost => ({
  t: (word, values) => t(`visitor.islands.preview.${word}`, values),
  loadWords,
  now: serverNow,
  assets: scripts.viewer,
  files: () =>
    links().map(({ dataset: { file: id = "", name = "", type = "", size } }) => {
      const kind = previewOf(name, type)?.kind ?? null
      return { id, name, size: Number(size), kind }
    }),
  openerOf: (fileId) => links().find(({ dataset }) => dataset.file === fileId),
  async request(fileId, signal) {
    const response = await fetch("/api/v1/files/download", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...teamHeader(shownTeam()) },
      body: JSON.stringify({ ids: [fileId], shown: true }),
      cache: "no-store",
      signal,
    })
    if (response.status === 401) {
      viewer.close()
      signedOut()
    }
    return response
  },
  addressIn(body) {
    const { files, expiresAt }: { files?: { url?: string }[]; expiresAt?: string } = Object(body)
    return files?.[0] ? { url: files[0].url, expiresAt } : null
  },
  actions: ({ id }, say) => {
    const [text, started] = [
      t("visitor.islands.preview.download"),
      t("visitor.islands.preview.downloading"),
    ]
    const href = ownerUrl(shownTeam(), `/api/v1/files/${id}/download`)
    const attributes = { class: "viewer-button viewer-quiet", href, click: () => say(started) }
    return [element("a", attributes, text)]
  },
  note: () => "",
  watermark: null,
  drawsPdf: false,
  refresh,
})
