import type { CompiledMessage, FormatValues } from "icu-minify/format"
import { formatText } from "../format-message.ts"
import type { MessageKey } from "../messages.ts"

/** What the server wrote into the page for its scripts. */
export type PageData = {
  token?: string
  state?: "open" | "locked" | "scheduled"
  /** The server's time when it wrote the page, in milliseconds. */
  now?: number
  /** The first letter of every file's status, in their order. */
  files?: string
}

const element = document.getElementById("island")
const messages: Record<string, CompiledMessage> = JSON.parse(element?.textContent || "{}")

export const pageData: PageData = JSON.parse(element?.dataset.page ?? "{}")

export const locale = document.documentElement.lang

// Carries the server's time on, whatever the browser's clock says. Not performance.now(), which
// stops in some browsers while the machine sleeps.
const ahead = (pageData.now ?? Date.now()) - Date.now()

/** The server's time now, in milliseconds. */
export const serverNow = () => Date.now() + ahead

/** A message in the page's language. The page contains those that its scripts show. */
export const t = (key: MessageKey, values?: FormatValues<string>) =>
  formatText(messages[key] ?? key, locale, values)
