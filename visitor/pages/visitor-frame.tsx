import type { ReactNode } from "react"
import { LinkedText } from "#components/linked-text.tsx"
import { Mark } from "#components/ui/ring/mark.tsx"
import { directionOf, LANGUAGES, LOCALES, type Locale } from "#lib/adapters/text/languages.ts"
import { escapeHtml } from "#lib/adapters/text/plain-text.ts"
import type { Layout } from "#visitor/pages/link/layout.ts"
import { usePage, useWords } from "#visitor/pages/page-context.ts"

type VisitorFrameProps = {
  children: ReactNode
  foot?: ReactNode
  /** The search of the page's file list. */
  q?: string | undefined
  /** The layout of an open link; other pages are one narrow column. */
  layout?: Layout
}

/** The frame of visitors' pages, without navigation: the logo, the content and the footer. */
export function VisitorFrame({ children, foot, q, layout }: VisitorFrameProps) {
  return (
    <div className="page" data-layout={layout}>
      <header>
        <BrandMark />
      </header>
      <main>{children}</main>
      <footer>
        {foot && <p>{foot}</p>}
        <BrandFoot />
        <LanguageSwitch q={q} />
      </footer>
    </div>
  )
}

/** The logo and name of the installation's branding, or of Lapse if it has none. */
function BrandMark() {
  const { branding } = usePage()
  if (!branding?.logo && !branding?.name) return <Mark />
  const { logo, name } = branding
  return (
    <span className="inline-flex max-w-full items-center gap-3 text-note font-semibold tracking-[-0.01em]">
      {logo && (
        // On white even in the dark scheme, because logos are designed for paper.
        // biome-ignore lint/performance/noImgElement: these pages are free of Next
        <img
          src={logo.startsWith("data:") ? logo : `/brand/${logo}`}
          alt={name ? "" : "Logo"}
          height={48}
          className="h-10 max-w-56 shrink-0 rounded-md object-contain md:h-12 dark:bg-white dark:p-1"
        />
      )}
      {name && <span className="min-w-0 wrap-anywhere">{name}</span>}
    </span>
  )
}

/** The footer text and the links of the installation's branding. */
function BrandFoot() {
  const { t } = useWords()
  const { branding } = usePage()
  if (!branding) return null
  const { note, imprintUrl, privacyUrl } = branding
  return (
    <>
      {note && (
        <p dir="auto" className="max-w-[60ch] whitespace-pre-line wrap-anywhere">
          <LinkedText text={note} />
        </p>
      )}
      {(imprintUrl || privacyUrl) && (
        <p className="flex flex-wrap gap-x-5">
          {imprintUrl && <FootLink href={imprintUrl}>{t("visitor.imprint")}</FootLink>}
          {privacyUrl && <FootLink href={privacyUrl}>{t("visitor.privacy")}</FootLink>}
        </p>
      )}
    </>
  )
}

function FootLink({ href, children }: { href: string; children: string }) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      className="inline-flex min-h-9 items-center underline underline-offset-3 hover:text-ink"
    >
      {children}
    </a>
  )
}

/**
 * Links that open the page in another language without JavaScript. `q` is the search of its list.
 */
function LanguageSwitch({ q = "" }: { q?: string | undefined }) {
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
