"use client"

import { useTranslations } from "next-intl"
import { buttonClass } from "#components/ui/button-class.ts"
import { Pager } from "#components/ui/tables/pager.tsx"
import type { ZipScripts } from "#lib/rooms/files/reads/own-zip.ts"
import type { DeliveryView, RequestView } from "#lib/rooms/requests/request.ts"
import { listAddress } from "#lib/web/list-address.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { useShareDialogs } from "../../shares/dialogs/use-share-dialogs.tsx"
import { Delivery } from "./delivery.tsx"
import { ZipButton } from "./zip-button.tsx"

export type Deliveries = {
  items: DeliveryView[]
  nextCursor: string | null
  prevCursor: string | null
}

type ArrivalsProps = {
  request: RequestView
  deliveries: Deliveries
  cursor: string | undefined
  now: string
  settings: PageSettings
  zip: ZipScripts | null
}

/** The received files, by sender, newest first. */
export function Arrivals({ request, deliveries, cursor, now, settings, zip }: ArrivalsProps) {
  const t = useTranslations("member.requests.arrivals")
  const dialogs = useShareDialogs(settings, now)
  const path = `/requests/${request.id}`
  const { items } = deliveries
  return (
    <section aria-labelledby="arrivals" className="min-w-0">
      <div className="mb-2.5 flex min-h-9 flex-wrap items-center justify-between gap-x-4">
        <h2 id="arrivals" className="text-note">
          {t("heading")}
        </h2>
        {items.length > 0 && (
          <div className="-mx-3.25 flex flex-wrap">
            <ZipButton request={request} scripts={zip} />
            <a
              href={`/api/v1${path}/deliveries.csv`}
              download
              className={buttonClass({ variant: "text", size: "sm" })}
            >
              {t("csv")}
            </a>
          </div>
        )}
      </div>
      {items.length === 0 ? (
        <p className="border-t border-line py-3 text-soft">{t("none")}</p>
      ) : (
        <ul className="border-b border-line">
          {items.map((delivery) => (
            <Delivery
              key={delivery.id}
              delivery={delivery}
              request={request}
              now={now}
              dialogs={dialogs}
              zip={zip}
            />
          ))}
        </ul>
      )}
      <Pager at={cursor} page={deliveries} href={(at) => listAddress(path, { cursor: at })} />
      {dialogs.element}
    </section>
  )
}
