"use client"

import { Trash2 } from "lucide-react"
import { useTranslations } from "next-intl"
import { useEffect, useId } from "react"
import { DetailHead } from "#components/pages/detail/detail-head.tsx"
import { SideColumn } from "#components/pages/detail/side-column.tsx"
import { RequestFacts } from "#components/requests/request-facts.tsx"
import { RequestNumbers } from "#components/requests/request-numbers.tsx"
import { useRestoreRequest } from "#components/requests/revoke-request-dialog.tsx"
import { useFollowedShares, useLiveShare } from "#components/shares/activity/live-shares.ts"
import { ExtendButton } from "#components/shares/expiry/extend-button.tsx"
import { LapseLine } from "#components/shares/expiry/share-lapse.tsx"
import { LinkPart } from "#components/shares/link-part.tsx"
import { ShareRing } from "#components/shares/share-ring.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { MenuItem } from "#components/ui/overlays/menu.tsx"
import { RowMenu } from "#components/ui/overlays/row-menu.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import type { ZipScripts } from "#lib/rooms/files/reads/own-zip.ts"
import type { RequestView } from "#lib/rooms/requests/request.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { type RequestDialogs, useRequestDialogs } from "../dialogs/use-request-dialogs.tsx"
import { Arrivals, type Deliveries } from "./arrivals.tsx"

type RequestDetailProps = {
  request: RequestView
  deliveries: Deliveries
  /** The delivery that the page shows alone, by pages of its files. */
  deliveryId: string | undefined
  /** The cursor of the page of senders or files. */
  cursor: string | undefined
  now: string
  settings: PageSettings
  zip: ZipScripts | null
}

/**
 * A request's page. On wide screens what came in is beside the link and the settings; on narrow ones
 * the link comes first and the settings last.
 */
export function RequestDetail({
  request,
  deliveries,
  deliveryId,
  cursor,
  now,
  settings,
  zip,
}: RequestDetailProps) {
  const t = useTranslations("member")
  const dialogs = useRequestDialogs(settings, now)
  useFollowedShares([request])
  useLiveShare(request.id)
  useTitleFocus()
  const { status, folder } = request
  return (
    <>
      <DetailHead
        back={{ href: "/requests", text: t("requests.heading") }}
        sign={<ShareRing share={request} now={now} size={52} />}
        title={<bdi>{request.title}</bdi>}
        line={<LapseLine share={request} now={now} />}
        actions={<Actions request={request} dialogs={dialogs} />}
      />
      {status === "revoked" && <Revoked request={request} now={now} />}
      <div className="flex flex-col gap-y-8 [reading-flow:flex-visual] xl:flex-row-reverse xl:items-start xl:gap-x-11">
        <SideColumn>
          {status !== "revoked" && <RequestLink request={request} dialogs={dialogs} />}
          <RequestFacts
            request={request}
            now={now}
            className="max-xl:order-2"
            folder={
              <TextLink href={`/files?path=${encodeURIComponent(folder)}`}>
                <bdi>{folder || t("folders.all")}</bdi>
              </TextLink>
            }
            extend={
              <ExtendButton
                share={request}
                kind="request"
                now={now}
                maxShareDays={settings.maxShareDays}
              />
            }
          />
        </SideColumn>
        <div className="flex flex-col gap-y-9 max-xl:order-1 xl:min-w-0 xl:grow">
          <RequestNumbers request={request} />
          <Arrivals
            request={request}
            deliveries={deliveries}
            deliveryId={deliveryId}
            cursor={cursor}
            now={now}
            settings={settings}
            zip={zip}
          />
        </div>
      </div>
      {dialogs.element}
    </>
  )
}

/** Moves the focus to the title where the address asks for it, as after a request was made. */
function useTitleFocus() {
  useEffect(() => {
    if (location.hash !== "#title") return
    document.getElementById("title")?.focus()
    history.replaceState(history.state, "", location.pathname)
  }, [])
}

type PartProps = { request: RequestView; dialogs: RequestDialogs }

/** Edits, revokes, restores or deletes a request. */
function Actions({ request, dialogs }: PartProps) {
  const t = useTranslations("member")
  const hint = useId()
  const restore = useRestoreRequest()
  const revoked = request.status === "revoked"
  const byAdmin = request.revokedBy?.admin ?? false
  const { ask, preload } = dialogs
  const loads = { onPointerEnter: preload, onFocus: preload }
  return (
    <div className="flex flex-col gap-2 sm:items-end">
      <div className="flex flex-wrap items-center gap-2.5">
        <Button variant="quiet" size="sm" {...loads} onClick={() => ask("edit", request)}>
          {t("requests.edit")}
        </Button>
        {revoked ? (
          <Button
            variant="quiet"
            size="sm"
            disabled={byAdmin}
            aria-describedby={hint}
            onClick={() => restore(request.id)}
          >
            {t("share.restore")}
          </Button>
        ) : (
          <Button
            variant="quiet"
            size="sm"
            className="text-danger!"
            {...loads}
            onClick={() => ask("revoke", request)}
          >
            {t("share.revoke")}
          </Button>
        )}
        <RowMenu label={t("shares.menuOf", { name: request.title })}>
          <MenuItem tone="danger" icon={Trash2} onClick={() => ask("delete", request)}>
            {t("requests.menu.delete")}
          </MenuItem>
        </RowMenu>
      </div>
      {revoked && (
        <p id={hint} className="max-w-[38ch] text-sm text-soft sm:text-end">
          {t(byAdmin ? "requests.detail.restoreByAdminText" : "requests.detail.restoreText")}
        </p>
      )}
    </div>
  )
}

/** Who revoked a request, and why. */
function Revoked({ request, now }: { request: RequestView; now: string }) {
  const t = useTranslations("member")
  const { revokedAt, revokedBy, revokeReason } = request
  return (
    <Notice className="mb-8">
      <p>
        {t.rich(revokedBy?.admin ? "requests.detail.revokedByAdmin" : "requests.detail.revokedBy", {
          name: revokedBy?.name ?? "",
          when: () => <LocalTime at={revokedAt ?? now} now={now} />,
        })}
      </p>
      {revokeReason && (
        <p className="mt-1 wrap-anywhere">{t("share.reason", { reason: revokeReason })}</p>
      )}
    </Notice>
  )
}

/** The secret link of a request, and its chosen address, which can be guessed. */
function RequestLink({ request, dialogs }: PartProps) {
  const t = useTranslations("member.requests")
  const { url, slug, title } = request
  const fixed = slug && new URL(`/r/${slug}`, url).href
  return (
    <LinkPart
      url={url}
      name={title}
      visit={t("menu.visit")}
      onNewLink={() => dialogs.ask("new_link", request)}
      second={
        fixed
          ? {
              url: fixed,
              qrLabel: t("detail.qrFixed"),
              field: (
                <div className="mt-3">
                  <CopyField label={t("detail.fixed")} value={fixed} shareAs={title} quiet />
                  <p className="mt-1 text-xs text-soft">{t("detail.guessable")}</p>
                </div>
              ),
            }
          : undefined
      }
    />
  )
}
