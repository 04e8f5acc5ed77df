"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { buttonClass } from "#components/ui/button-class.ts"
import { classNames } from "#components/ui/class-names.ts"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"

const qrCode = onDemand(() => import("#components/shares/qr-code.tsx"))

type LinkPartProps = {
  url: string
  /** The title under which a phone passes the link on. */
  name: string
  /** The words for opening the link. */
  visit: string
  onNewLink: () => void
  /** A second address of the same page, and its field. */
  second?: { url: string; qrLabel: string; field: ReactNode } | undefined
}

/** A link, with its QR code on demand and what can be done with it. */
export function LinkPart({ url, name, visit, onNewLink, second }: LinkPartProps) {
  const t = useTranslations("member.share")
  const [hasQr, setHasQr] = useState(false)
  const { part, loading } = useShownPart(qrCode, hasQr, () => setHasQr(false))
  const look = "font-medium! text-soft! hover:bg-selected! hover:text-ink!"
  return (
    <section
      aria-labelledby="link"
      className="rounded-[14px] p-4 pb-2 inset-ring inset-ring-line xl:shrink-0"
    >
      <h2 id="link" className="sr-only">
        {t("link")}
      </h2>
      <CopyField label={t("link")} labelHidden={!second} value={url} shareAs={name} />
      {second?.field}
      <div className="-mx-1.5 mt-1 flex flex-wrap *:px-1.5">
        <Button
          variant="text"
          size="sm"
          className={look}
          aria-expanded={hasQr}
          onPointerEnter={qrCode.load}
          onFocus={qrCode.load}
          onClick={() => setHasQr(!hasQr)}
        >
          {t("showQr")}
        </Button>
        <a
          href={url}
          target="_blank"
          rel="noopener"
          className={classNames(buttonClass({ variant: "text", size: "sm" }), look)}
        >
          {visit}
        </a>
        <Button variant="text" size="sm" className={look} onClick={onNewLink}>
          {t("newLink")}
        </Button>
      </div>
      {loading}
      {hasQr && part && (
        <div className="flex flex-wrap gap-4 py-3">
          <part.QrCode text={url} label={t("qr")} size={148} />
          {second && <part.QrCode text={second.url} label={second.qrLabel} size={148} />}
        </div>
      )}
    </section>
  )
}
