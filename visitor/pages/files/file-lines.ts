import type { LinkFile } from "#lib/rooms/claims/open/link-page.ts"
import type { Words } from "#visitor/language/page-words.ts"
import { html, type Markup } from "#visitor/pages/html.ts"

export type RowContext = {
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
  /** The page's heading, if it names its only file, which is then not named again. */
  heading: string | null
}

export const thumbnailPath = (token: string, fileId: string) => `/s/${token}/t/${fileId}`

/** The name of a file, which may wrap. Of a very long one, the middle is not drawn. */
export const nameLine = ({ name, status }: LinkFile) =>
  name.length > LONGEST
    ? html`<p title="${name}">${name.slice(0, KEPT_START)}<span class="cut">${name.slice(KEPT_START, -KEPT_END)}</span>${name.slice(-KEPT_END)}</p>`
    : html`<p${status === "abandoned" && html` class="text-soft"`}>${isLong(name) ? breakable(name) : name}</p>`

/** A longer name would take more than four lines of a phone. */
const LONGEST = 80
const KEPT_START = 50

/** A name that may not fit on a line of a phone. */
const isLong = (name: string) => name.length > 20

/** A name that may wrap after its separators, like components/ui/files/file-name.tsx. */
function breakable(name: string): Markup {
  const { __html } = html`${name.replace(/(?<=[-_.,)\]])(?!$)/g, BREAK)}`
  return { __html: __html.replaceAll(BREAK, "<wbr>") }
}

const BREAK = "\u0001"

/** The number of characters kept at the end of a shortened name: its extension and a few more. */
const KEPT_END = 10

/** The name of a file on one line, shortened in its middle. */
export function shortNameLine({ name }: LinkFile) {
  if (!isLong(name)) return html`<p dir="auto">${name}</p>`
  // A character of two UTF-16 units is not divided.
  const before = name.codePointAt(name.length - KEPT_END - 1) ?? 0
  const middle = name.length - KEPT_END + (before > 0xffff ? 1 : 0)
  return html`<p dir="auto" title="${name}"><span>${name.slice(0, middle)}</span><span>${name.slice(middle)}</span></p>`
}

/** Explains why a file is not ready. */
export function waitingLine({ status, size, isPaused }: LinkFile, { words, sender }: RowContext) {
  const { t, bytes } = words
  if (status === "abandoned") return html`<p>${t("visitor.abandoned", { sender })}</p>`
  if (status === "checking") return html`<p>${bytes(size)} · ${t("visitor.checking")}</p>`
  return html`<p>${bytes(size)} · ${t(isPaused ? "visitor.paused" : "visitor.onItsWay")}</p>`
}

/** The size, and the checksum in a disclosure if there is one. */
export function sizeLine(
  { name, size, sha256, sha256Verified }: LinkFile,
  { words, sender }: Pick<RowContext, "words" | "sender">,
) {
  const { t, bytes } = words
  if (!sha256) return html`<p>${bytes(size)}</p>`
  const by = t(sha256Verified ? "visitor.sha256Verified" : "visitor.sha256Stated", { sender })
  return html`<details data-copy="${t("visitor.copySha256Of", { name })}"><summary>${bytes(size)} · <u>${t("visitor.details")}</u><span class="sr-only"> ${t("visitor.ofFile", { name })}</span></summary><p>${t("visitor.sha256")}</p><code>${sha256}</code><small>${by}</small></details>`
}

/** Lucide's download icon. */
export const ARROW_DOWN = html`<svg aria-hidden="true" width="16" height="16" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4M7 10l5 5 5-5M12 15V3"/></svg>`
