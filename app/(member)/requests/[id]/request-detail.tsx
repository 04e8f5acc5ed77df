"use client"

import { Trash2 } from "lucide-react"
import { useTranslations } from "next-intl"
import { type ReactNode, useEffect } from "react"
import { useOwnerPath } from "#components/nav/owner.ts"
import { EditButton, LinkActions } from "#components/pages/detail/link-actions.tsx"
import { OpenSwitch, OpenToText } from "#components/recipients/open-switch.tsx"
import { RequestFacts } from "#components/requests/request-facts.tsx"
import { useRestoreRequest } from "#components/requests/revoke-request-dialog.tsx"
import { useFollowedShares, useLiveShare } from "#components/shares/activity/live-shares.ts"
import { LinkPage } from "#components/shares/link-page.tsx"
import { LinkStrip } from "#components/shares/link-strip.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { MenuItem } from "#components/ui/overlays/menu.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import type { RequestView } from "#lib/rooms/requests/request.ts"
import { listAddress } from "#lib/web/list-address.ts"
import { type RequestDialogs, useRequestDialogs } from "../dialogs/use-request-dialogs.tsx"
import { Arrivals, type ArrivalsProps } from "./arrivals.tsx"

type RequestDetailProps = ArrivalsProps & {
  /** The people who were asked. */
  recipients: ReactNode
  /** The QR codes of its links, large. */
  qrCodes: ReactNode
}

/**
 * A request's page: its link, what came in and the settings. One that may still get its first file
 * is its link, large enough to be scanned from the screen.
 */
export function RequestDetail({ recipients, qrCodes, ...props }: RequestDetailProps) {
  const { request, deliveries, deliveryId, cursor, now, settings } = props
  const t = useTranslations("member")
  const dialogs = useRequestDialogs(settings, now)
  useFollowedShares([request])
  useLiveShare(request.id)
  useTitleFocus()
  const { status, folder } = request
  const at = useOwnerPath()
  const isWaiting =
    (status === "open" || status === "scheduled") &&
    deliveries.items.length === 0 &&
    !deliveryId &&
    !cursor
  return (
    <>
      <LinkPage
        of={request}
        kind="request"
        back={{ href: at("/requests"), text: t("requests.heading") }}
        title={request.title}
        now={now}
        maxShareDays={settings.maxShareDays}
        actions={<Actions request={request} dialogs={dialogs} />}
        top={
          status === "revoked" ? (
            <Revoked request={request} now={now} />
          ) : (
            !isWaiting && <RequestLink request={request} />
          )
        }
        settings={
          <RequestFacts
            request={request}
            now={now}
            aside={
              <EditButton preload={dialogs.preload} onEdit={() => dialogs.ask("edit", request)} />
            }
            folder={
              <TextLink href={listAddress(at("/files"), { path: folder })}>
                <bdi>{folder || t("folders.all")}</bdi>
              </TextLink>
            }
          />
        }
      >
        {isWaiting && (
          <div>
            <RequestLink request={request} large={qrCodes} />
            <p className="mt-3 text-sm text-soft">{t("requests.arrivals.none")}</p>
          </div>
        )}
        {!deliveryId && !cursor && recipients}
        {!isWaiting && <Arrivals {...props} />}
      </LinkPage>
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

/** Opens, revokes, restores or deletes a request. */
function Actions({ request, dialogs }: { request: RequestView; dialogs: RequestDialogs }) {
  const t = useTranslations("member.requests")
  const restore = useRestoreRequest()
  const byAdmin = request.revokedBy?.admin ?? false
  return (
    <LinkActions
      of={request}
      name={request.title}
      visit={t("menu.visit")}
      preload={dialogs.preload}
      onNewLink={() => dialogs.ask("new_link", request)}
      onRevoke={() => dialogs.ask("revoke", request)}
      onRestore={() => restore(request.id)}
      restoreText={t(byAdmin ? "detail.restoreByAdminText" : "detail.restoreText")}
    >
      <MenuItem tone="danger" icon={Trash2} onClick={() => dialogs.ask("delete", request)}>
        {t("menu.delete")}
      </MenuItem>
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
function RequestLink({ request, large }: { request: RequestView; large?: ReactNode }) {
  const t = useTranslations("member.requests.detail")
  const { url, slug, title } = request
  const of = { id: request.id, kind: "request", openTo: request.openTo } as const
  const second = url !== null &&
    slug && {
      url: new URL(`/r/${slug}`, url).href,
      label: t("fixed"),
      qrLabel: t("qrFixed"),
      hint: t("guessable"),
    }
  return (
    <LinkStrip
      url={url}
      name={title}
      large={large}
      second={second || undefined}
      toggle={<OpenSwitch of={of} />}
      openTo={<OpenToText openTo={request.openTo} />}
    />
  )
}
