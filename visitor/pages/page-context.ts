import type { ReactNode } from "react"
import type { Branding } from "#lib/rooms/settings/branding.ts"
import { type Words, wordsIn } from "#visitor/language/page-words.ts"
import { renderMarkup } from "./render-markup.ts"

/** The context of every component of a page. */
type PageContext = {
  words: Words
  /** The path that the language switch opens. */
  address: string
  /** Null if none is set. */
  branding: Branding | null
  /** The time zone of the owner who previews the page; undefined for visitors. */
  previewZone: string | undefined
}

// A page is rendered at once, without waiting for anything, so one variable serves all.
let current: PageContext = {
  words: wordsIn(),
  address: "",
  branding: null,
  previewZone: undefined,
}

/** The page that is being rendered. */
export const usePage = () => current

/** The name of the installation's branding, or Lapse. */
export const siteName = () => current.branding?.name ?? "Lapse"

/** Whether the page belongs to a request for files. */
export const isRequest = () => current.address.startsWith("/r/")

/** The translations in the page's language. */
export const useWords = () => current.words

/** Renders the elements of one page. */
export function renderPage(context: PageContext, elements: ReactNode): string {
  current = context
  return renderMarkup(elements)
}
