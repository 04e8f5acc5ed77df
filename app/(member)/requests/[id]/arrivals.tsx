"use client"

import { useTranslations } from "next-intl"
import { useEffect, useRef, useState } from "react"
import { answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { useOwnerPath, useOwnerUrl } from "#components/nav/owner.ts"
import { RequestNumbers } from "#components/requests/request-numbers.tsx"
import { Button } from "#components/ui/button.tsx"
import { buttonClass } from "#components/ui/button-class.ts"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { Pager } from "#components/ui/tables/pager.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import { useMissingThumbnails } from "#components/upload/thumbnails/use-missing-thumbnails.ts"
import type { FateRow } from "#lib/rooms/files/retention/keep-files.ts"
import { hasThumbnail } from "#lib/rooms/files/thumbnails/thumbnail.ts"
import type { DeliveryView, RequestView } from "#lib/rooms/requests/request.ts"
import { listAddress } from "#lib/web/list-address.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { FileActions } from "../../files/file-actions.tsx"
import { useShareDialogs } from "../../shares/dialogs/use-share-dialogs.tsx"
import type { FilesOfRequest } from "../../shares/share-once.ts"
import { Delivery } from "./delivery.tsx"
import { ZipButton } from "./zip-button.tsx"

type Deliveries = {
  items: DeliveryView[]
  nextCursor: string | null
  prevCursor: string | null
}

export type ArrivalsProps = {
  request: RequestView
  deliveries: Deliveries
  /** What becomes of each file, by id. */
  fates: Map<string, FateRow>
  /** The delivery that the page shows alone, by pages of its files. */
  deliveryId: string | undefined
  /** The cursor of the page of senders or files. */
  cursor: string | undefined
  now: string
  settings: PageSettings
}

/** The received files, by sender, newest first. */
export function Arrivals(props: ArrivalsProps) {
  const { request, deliveries, fates, deliveryId, cursor, now, settings } = props
  const t = useTranslations("member.requests.arrivals")
  const createLink = useTranslations("member.files")("createLink")
  const dialogs = useShareDialogs(settings, now)
  const urlOf = useOwnerUrl()
  const path = useOwnerPath()(`/requests/${request.id}`)
  const { items } = deliveries
  const { id: requestId, title } = request
  // Strangers sent the files, so one press alone makes no link to them.
  const [asked, setAsked] = useState<Pick<FilesOfRequest, "delivery"> | null>(null)
  const agreed = useRef(new Set<string | undefined>())
  function share(files: Pick<FilesOfRequest, "delivery">) {
    if (agreed.current.has(files.delivery?.id)) dialogs.create({ requestId, title, ...files })
    else setAsked(files)
  }
  const sending = items.filter((each) => !each.waitsForName && each.fileCount > 0)
  const isOne =
    deliveryId === undefined &&
    sending.length < 2 &&
    !deliveries.nextCursor &&
    !deliveries.prevCursor
  useMissingThumbnails(newestWithout(items))
  useSeen(requestId, items, now)
  return (
    <section aria-labelledby="arrivals" className="min-w-0">
      <div className="mb-2.5 flex min-h-11 flex-wrap items-center justify-between gap-x-4">
        <h2 id="arrivals" className="text-note">
          {t("heading")}
        </h2>
        {items.length > 0 && (
          <div className="-ms-3.25 flex flex-wrap lg:-me-3.25">
            <ZipButton request={request} />
            {!isOne && (
              <Button
                variant="text"
                size="sm"
                pending={dialogs.creating}
                onPointerEnter={dialogs.preload}
                onFocus={dialogs.preload}
                onClick={() => share({})}
              >
                {t("shareAll")}
              </Button>
            )}
            <a
              href={urlOf(`/api/v1/requests/${requestId}/deliveries.csv`)}
              download
              className={buttonClass({ variant: "text", size: "sm" })}
            >
              {t("csv")}
            </a>
          </div>
        )}
      </div>
      <div className="mb-4">
        <RequestNumbers request={request} />
      </div>
      {items.length === 0 ? (
        <p className="border-t border-line py-3 text-soft">{t("none")}</p>
      ) : (
        <FileActions>
          <ul className="border-b border-line">
            {items.map((delivery) => (
              <Delivery
                key={delivery.id}
                delivery={delivery}
                request={request}
                now={now}
                dialogs={dialogs}
                onShare={() => share({ delivery })}
                isAlone={deliveryId !== undefined}
                fates={fates}
                keepDays={settings.retention.keepDays}
              />
            ))}
          </ul>
        </FileActions>
      )}
      {deliveryId && <TextLink href={path}>{t("allSenders")}</TextLink>}
      <Pager
        at={cursor}
        page={deliveries}
        href={(at) => listAddress(path, { delivery: deliveryId, cursor: at })}
      />
      <AlertDialog
        open={asked !== null}
        onOpenChange={() => setAsked(null)}
        title={t("shareTitle")}
        description={t("shareText")}
        confirmLabel={createLink}
        tone="primary"
        onConfirm={() => {
          if (!asked) return
          agreed.current.add(asked.delivery?.id)
          setAsked(null)
          share(asked)
        }}
      />
      {dialogs.element}
    </section>
  )
}

/** When the newest picture or film arrived, if one of them has no thumbnail; otherwise "". */
function newestWithout(deliveries: DeliveryView[]): string {
  const pictures = deliveries
    .flatMap(({ files }) => files)
    .filter(({ status, contentType }) => status === "ready" && hasThumbnail(contentType))
  if (pictures.every(({ hasThumbnail }) => hasThumbnail)) return ""
  return (
    pictures
      .map(({ arrivedAt }) => arrivedAt)
      .sort()
      .at(-1) ?? ""
  )
}

/**
 * Records that the owner has seen what is new on the page as of `until`, once the tab is visible: a
 * page that is loaded ahead or in the background is not seen yet.
 */
function useSeen(id: string, deliveries: DeliveryView[], until: string) {
  const unseen = deliveries
    .filter(({ newFileCount }) => newFileCount > 0)
    .map((delivery) => delivery.id)
    .join()
  useEffect(() => {
    if (unseen === "") return
    const listeners = new AbortController()
    const see = () => {
      if (document.hidden) return
      listeners.abort()
      const body = { deliveryIds: unseen.split(","), until }
      void answerOf(ask("POST /requests/{id}/seen", { id, body }))
    }
    document.addEventListener("visibilitychange", see, { signal: listeners.signal })
    see()
    return () => listeners.abort()
  }, [id, unseen, until])
}
