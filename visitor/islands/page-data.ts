import type { CompiledMessage, FormatValues } from "icu-minify/format"
import { formatText } from "#lib/adapters/text/format-message.ts"
import { isolateValues } from "#lib/adapters/text/isolate.ts"
import type { FileCounts } from "#lib/rooms/shares/list/shared-files.ts"
import type { MessageKey } from "#visitor/language/compiled-messages.ts"
import type { Assets } from "../assets.ts"

/** The data that the server wrote into the page for its scripts. */
export type PageData = {
  token?: string
  state?: "open" | "empty" | "locked" | "scheduled" | "revoked" | "expired" | "used_up"
  /** The server's time when it rendered the page, in milliseconds. */
  now?: number
  /** One letter for each listed file, in order: see file-letter.ts. */
  files?: string
  /** The counts of all files by status. */
  counts?: FileCounts
  /** Whether files may be previewed. */
  canPreview?: boolean
  /** Whether downloads are forbidden. */
  viewOnly?: boolean
  /** Whether previews show the reader's name and the time. */
  watermark?: boolean
  /** Whether this visitor's previews are refused until a claim. */
  needsClaim?: boolean
  /** The name in a watermark: the recipient's if the link has one, else the sender's. */
  recipient?: string
  sender?: string
  /** The URLs of the files that the viewer loads. */
  viewer?: Assets["viewer"]
  /** When an open link expires, in milliseconds; null: never. */
  expiresAt?: number | null
  /** Whether the number of downloads is limited. */
  isLimited?: boolean
  /** The script that creates a ZIP; its URL names the store that it may access. */
  zipWorker?: string
  /** The URL of the worker that writes a download into a file. */
  downloadWorker?: string
  /** The path of a request's page. */
  link?: string
  /** Whether this browser has begun a delivery. */
  delivery?: "none" | "begun" | "done"
  /** The URL of the worker that hashes files to send. */
  hashWorker?: string
  /** The URL of the messages for scripts that are loaded on demand. */
  words?: string
}

const element = document.getElementById("island")
const messages: Record<string, CompiledMessage> = JSON.parse(element?.textContent || "{}")

/** Reads the data for scripts from this document or from a fresh copy of it. */
export const readPageData = (root: Document): PageData =>
  JSON.parse(root.getElementById("island")?.dataset.page ?? "{}")

export const pageData: PageData = readPageData(document)

export const locale = document.documentElement.lang
const isRightToLeft = document.documentElement.dir === "rtl"

// Offset of the server's clock from the browser's, which may be wrong. Not performance.now(), which
// stops in some browsers while the machine sleeps.
const ahead = (pageData.now ?? Date.now()) - Date.now()

/** The server's current time in milliseconds. */
export const serverNow = () => Date.now() + ahead

let loading: Promise<void> | undefined

/** Loads the messages below `visitor.islands` once. A script that shows them waits for it. */
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

/** A message in the page's language. The page contains the messages that its scripts show. */
export const t = (key: MessageKey, values?: FormatValues<string>) =>
  formatText(messages[key] ?? key, locale, isolateValues(values, isRightToLeft))
