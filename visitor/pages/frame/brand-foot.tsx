import { LinkedText } from "#components/linked-text.tsx"
import { usePage, useWords } from "#visitor/pages/page-context.ts"

/** The footer text and the links of the installation's branding. */
export function BrandFoot() {
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
