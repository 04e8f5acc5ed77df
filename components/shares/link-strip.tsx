"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"

const qrCode = onDemand(() => import("#components/shares/qr-code.tsx"))

type LinkStripProps = {
  /** Null while the link for anyone is off. */
  url: string | null
  /** The switch that turns it on and off. */
  toggle?: ReactNode
  /** Who opens the page while it is off. */
  openTo?: ReactNode
  /** The title under which a phone passes the link on. */
  name: string
  /** A second address of the same page, which can be guessed, with its names. */
  second?: { url: string; label: string; qrLabel: string; hint: string } | undefined
  /** The QR codes, large, where the page has nothing else to show. */
  large?: ReactNode
}

/** A link with its QR code, which is shown on demand, or who opens the page without it. */
export function LinkStrip(props: LinkStripProps) {
  const { url, toggle, openTo, name, second, large } = props
  const t = useTranslations("member.share")
  const words = useTranslations("member.shares")
  const [isAsked, setAsked] = useState(false)
  const { part, loading } = useShownPart(qrCode, isAsked, () => setAsked(false))
  return (
    <section
      aria-labelledby="link"
      className="flex flex-col gap-4 rounded-[14px] bg-raised p-4 inset-ring inset-ring-line"
    >
      <h2 id="link" className="sr-only">
        {t("link")}
      </h2>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        {toggle}
        {url === null ? (
          <p className="font-medium">{openTo}</p>
        ) : (
          <CopyField
            label={t("link")}
            labelHidden={!second}
            value={url}
            shareAs={name}
            action={words("copyLink")}
            className="min-w-0 grow basis-80"
          >
            {!large && (
              <Button
                variant="quiet"
                className="shrink-0 whitespace-nowrap"
                aria-expanded={isAsked}
                onPointerEnter={qrCode.load}
                onFocus={qrCode.load}
                onClick={() => setAsked(!isAsked)}
              >
                {t("showQr")}
              </Button>
            )}
          </CopyField>
        )}
      </div>
      {url !== null && second && (
        <div>
          <CopyField label={second.label} value={second.url} shareAs={name} quiet />
          <p className="mt-1 text-xs text-soft">{second.hint}</p>
        </div>
      )}
      {loading}
      {url !== null && large && (
        <div className="flex flex-wrap justify-center gap-4 py-4">{large}</div>
      )}
      {url !== null && isAsked && part && (
        <div className="flex flex-wrap gap-4">
          <part.QrCode text={url} label={t("qr")} size={148} />
          {second && <part.QrCode text={second.url} label={second.qrLabel} size={148} />}
        </div>
      )}
    </section>
  )
}
