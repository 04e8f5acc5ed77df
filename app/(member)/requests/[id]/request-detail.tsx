"use client"

import { Trash2 } from "lucide-react"
import { useTranslations } from "next-intl"
import { useEffect } from "react"
import { DetailHead } from "#components/pages/detail/detail-head.tsx"
import { LinkActions } from "#components/pages/detail/link-actions.tsx"
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
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { MenuItem } from "#components/ui/overlays/menu.tsx"
import { RowMenu } from "#components/ui/overlays/row-menu.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import type { RequestView } from "#lib/rooms/requests/request.ts"
import { type RequestDialogs, useRequestDialogs } from "../dialogs/use-request-dialogs.tsx"
import { Arrivals, type ArrivalsProps } from "./arrivals.tsx"

/**
 * A request's page. On wide screens what came in is beside the link and the settings; on narrow ones
 * the link comes first and the settings last.
 */
export function RequestDetail(props: ArrivalsProps) {
  const { request, now, settings } = props
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
          <Arrivals {...props} />
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
  const t = useTranslations("member.requests")
  const words = useTranslations("member.shares")
  const restore = useRestoreRequest()
  const byAdmin = request.revokedBy?.admin ?? false
  return (
    <LinkActions
      of={request}
      preload={dialogs.preload}
      onEdit={() => dialogs.ask("edit", request)}
      onRevoke={() => dialogs.ask("revoke", request)}
      onRestore={() => restore(request.id)}
      restoreText={t(byAdmin ? "detail.restoreByAdminText" : "detail.restoreText")}
    >
      <RowMenu label={words("menuOf", { name: request.title })}>
        <MenuItem tone="danger" icon={Trash2} onClick={() => dialogs.ask("delete", request)}>
          {t("menu.delete")}
        </MenuItem>
      </RowMenu>
    </LinkActions>
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
