import { directionOf, LANGUAGES, LOCALES, type Locale } from "#lib/adapters/text/languages.ts"
import { escapeHtml } from "#lib/adapters/text/plain-text.ts"
import { usePage } from "#visitor/pages/page-context.ts"

/**
 * Links that open the page in another language without JavaScript. `q` is the search of its list.
 */
export function LanguageSwitch({ q = "" }: { q?: string | undefined }) {
  const { address, words } = usePage()
  const { t, locale } = words
  // As a string, because most of it is the same on every page: as elements it would take an eighth
  // of the rendering of a small page.
  const search = q && `<input type="hidden" name="q" value="${escapeHtml(q)}">`
  const html =
    `<summary>${GLOBE}<span class="sr-only">${escapeHtml(t("visitor.language"))}</span> ${LANGUAGES[locale]}</summary>` +
    `<form action="${escapeHtml(address)}">${search}<p>${BUTTONS.get(locale)}</p></form>`
  // biome-ignore lint/security/noDangerouslySetInnerHtml: all dynamic text is escaped
  return <details className="language-switch" dangerouslySetInnerHTML={{ __html: html }} />
}

const BUTTONS = new Map(LOCALES.map((locale) => [locale, buttonsIn(locale)]))

function buttonsIn(current: Locale) {
  return LOCALES.map((locale) => {
    const isCurrent = locale === current ? ' aria-current="true"' : ""
    const attributes = `name="lang" value="${locale}" lang="${locale}" dir="${directionOf(locale)}"`
    return `<button ${attributes}${isCurrent}>${LANGUAGES[locale]}</button>`
  }).join("")
}

const GLOBE =
  '<svg aria-hidden="true" width="16" height="16" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"><circle cx="12" cy="12" r="10"/><path d="M12 2a14.5 14.5 0 0 0 0 20 14.5 14.5 0 0 0 0-20M2 12h20"/></svg>'
