"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { shareName } from "#components/shares/share-name.ts"
import { Button } from "#components/ui/button.tsx"
import { buttonClass } from "#components/ui/button-class.ts"
import { classNames } from "#components/ui/class-names.ts"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { ShareDialogs } from "../dialogs/use-share-dialogs.tsx"

const qrCode = onDemand(() => import("#components/shares/qr-code.tsx"))

type LinkPartProps = { share: ShareView; dialogs: ShareDialogs }

/** The link of a share, with its QR code on demand and its actions. */
export function LinkPart({ share, dialogs }: LinkPartProps) {
  const t = useTranslations("member.share")
  const words = useTranslations("member.shares")
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
      <CopyField
        label={t("link")}
        labelHidden
        value={share.url}
        shareAs={shareName(share, words)}
      />
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
          href={share.url}
          target="_blank"
          rel="noopener"
          className={classNames(buttonClass({ variant: "text", size: "sm" }), look)}
        >
          {t("visit")}
        </a>
        <Button variant="text" size="sm" className={look} onClick={() => dialogs.askNewLink(share)}>
          {t("newLink")}
        </Button>
      </div>
      {loading}
      {hasQr && part && (
        <div className="py-3">
          <part.QrCode text={share.url} label={t("qr")} size={148} />
        </div>
      )}
    </section>
  )
}
