import type { CompiledMessage, FormatValues } from "icu-minify/format"
import type { FileCounts } from "#lib/shares/list/shared-files.ts"
import { formatText } from "#visitor/language/format-message.ts"
import type { MessageKey } from "#visitor/language/messages.ts"
import { isolateValues } from "../isolate.ts"

/** What the server wrote into the page for its scripts. */
export type PageData = {
  token?: string
  state?: "open" | "locked" | "scheduled" | "revoked" | "expired" | "used_up"
  /** The server's time when it wrote the page, in milliseconds. */
  now?: number
  /** A letter for each file that is listed, in their order: see file-letter.ts. */
  files?: string
  /** All of its files by status. */
  counts?: FileCounts
  /** Whether files may be looked at. */
  canPreview?: boolean
  /** No file may be downloaded. */
  viewOnly?: boolean
  /** Whether previews show the reader's name and the time. */
  watermark?: boolean
  /** Whether this visitor's previews are refused until a claim. */
  needsClaim?: boolean
  /** What a watermark says: the reader's name where the link has one, and the sender's. */
  recipient?: string
  sender?: string
  /** Where the styles of the viewer are, and the script that parses texts for it. */
  viewer?: { styles: string; parser: string }
  /** When an open link lapses, in milliseconds; null: never. */
  expiresAt?: number | null
  /** Whether its downloads are limited. */
  isLimited?: boolean
  /** The script that makes a ZIP; its address names the store that it may ask. */
  zipWorker?: string
  /** Where the worker is that writes a download into a file. */
  downloadWorker?: string
  /** Where the messages of scripts that are loaded on demand are. */
  words?: string
}

const element = document.getElementById("island")
const messages: Record<string, CompiledMessage> = JSON.parse(element?.textContent || "{}")

/** What a document, this one or a fresh copy of it, has for its scripts. */
export const readPageData = (root: Document): PageData =>
  JSON.parse(root.getElementById("island")?.dataset.page ?? "{}")

export const pageData: PageData = readPageData(document)

export const locale = document.documentElement.lang
const isRightToLeft = document.documentElement.dir === "rtl"

// Carries the server's time on, whatever the browser's clock says. Not performance.now(), which
// stops in some browsers while the machine sleeps.
const ahead = (pageData.now ?? Date.now()) - Date.now()

/** The server's time now, in milliseconds. */
export const serverNow = () => Date.now() + ahead

let loading: Promise<void> | undefined

/** Loads the messages below `visitor.islands`, once. A script that shows them waits for it. */
export function loadWords(): Promise<void> {
  loading ??= fetchWords().catch((error: unknown) => {
    loading = undefined // the next call tries again
    throw error
  })
  return loading
}

async function fetchWords() {
  if (!pageData.words) return
  const response = await fetch(pageData.words)
  if (!response.ok) throw new Error(`the messages were answered with ${response.status}`)
  Object.assign(messages, await response.json())
}

/** A message in the page's language. The page contains those that its scripts show. */
export const t = (key: MessageKey, values?: FormatValues<string>) =>
  formatText(messages[key] ?? key, locale, isolateValues(values, isRightToLeft))
