import { formatTime, zoneName } from "#components/time/format-time.ts"
import { element } from "#components/viewer/element.ts"
import type { ShownFile, ViewerHost, ViewerWord } from "#components/viewer/host.ts"
import { refresh } from "../following/follow.ts"
import { loadWords, pageData, serverNow, t } from "../page-data.ts"
import { reader } from "../times/local-times.ts"
import { askToClaim } from "./claim-first.ts"
import { fileIdOf, fileOf, previewLinks } from "./page-files.ts"

/** The viewer's functions and values on the page of a link. */
export const visitorHost: ViewerHost = {
  t: (word, values) => t(`visitor.islands.preview.${word}`, values),
  loadWords,
  now: serverNow,
  assets: pageData.viewer,
  files: () => previewLinks().map(fileOf),
  openerOf: (fileId) => previewLinks().find((link) => fileIdOf(link) === fileId),
  request: (fileId, signal) =>
    fetch(`/s/${pageData.token}/p/${fileId}`, {
      headers: { Accept: "application/json" },
      cache: "no-store",
      signal,
    }),
  addressIn: (body) => body,
  actions: (file, say) => (pageData.viewOnly ? [] : [downloadForm(file, say)]),
  note: () => (pageData.viewOnly || pageData.watermark ? word("keeps") : ""),
  watermark: pageData.watermark ? watermarkText : null,
  drawsPdf: pageData.viewOnly ?? false,
  claim: { isDue: () => pageData.needsClaim ?? false, ask: askToClaim },
  // A closed link reloads its page, which says how it ended.
  refresh: () => void refresh(),
}

const word = (name: ViewerWord) => t(`visitor.islands.preview.${name}`)

/** A download form like the page's: only a POST counts as a download. */
function downloadForm({ id }: ShownFile, say: (sentence: string) => void) {
  const button = element("button", { class: "viewer-button viewer-quiet" }, word("download"))
  const action = `/s/${pageData.token}/d/${id}`
  return element("form", { method: "post", action, submit: () => say(word("downloading")) }, button)
}

/** The recipient's name if the link has one, else the sender's, and the time. */
function watermarkText() {
  const at = new Date(serverNow())
  const time = t("common.timeInZone", {
    time: formatTime(at, "short", reader, new Date(0)),
    zone: zoneName(at, reader),
  })
  const { recipient, sender = "" } = pageData
  return recipient
    ? t("visitor.islands.preview.forReader", { name: recipient, time })
    : t("visitor.islands.preview.fromSender", { sender, time })
}
