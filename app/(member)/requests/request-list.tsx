"use client"

import { Copy } from "lucide-react"
import { useTranslations } from "next-intl"
import { useOwnerPath } from "#components/nav/owner.ts"
import { RequestHeads, RequestRow } from "#components/requests/request-row.tsx"
import { useFollowedShares, useLiveShare } from "#components/shares/activity/live-shares.ts"
import { ExtendButton } from "#components/shares/expiry/extend-button.tsx"
import { isSoon } from "#components/shares/expiry/extension.ts"
import { useCopyLink } from "#components/shares/use-copy-link.ts"
import { Badge } from "#components/ui/badge.tsx"
import { Button } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import type { RequestView } from "#lib/rooms/requests/request.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { type RequestDialogs, useRequestDialogs } from "./dialogs/use-request-dialogs.tsx"
import { RequestMenuItems } from "./request-menu-items.tsx"

const COLUMNS =
  "lg:grid-cols-[1.625rem_minmax(0,1fr)_13rem_9.5rem_4.5rem] lg:gap-x-4 " +
  "xl:grid-cols-[1.625rem_minmax(0,1fr)_13.5rem_11rem_10.25rem]"

/** More rows render only while they are visible. */
const MANY_ROWS = 100

type RequestListProps = { requests: RequestView[]; now: string; settings: PageSettings }

/** A member's requests: columns on a wide screen, a list on a phone. */
export function RequestList({ requests, now, settings }: RequestListProps) {
  const t = useTranslations("member")
  const dialogs = useRequestDialogs(settings, now)
  useFollowedShares(requests)
  return (
    <>
      <RequestHeads columns={COLUMNS} />
      <ul
        aria-label={t("requests.heading")}
        className={classNames(
          "max-lg:mt-3",
          requests.length > MANY_ROWS &&
            "*:[contain-intrinsic-size:auto_3.5rem] *:[content-visibility:auto]",
        )}
      >
        {requests.map((request) => (
          <Row
            key={request.id}
            request={request}
            now={now}
            maxShareDays={settings.maxShareDays}
            dialogs={dialogs}
          />
        ))}
      </ul>
      {dialogs.element}
    </>
  )
}

type RowProps = {
  request: RequestView
  now: string
  maxShareDays: number | null
  dialogs: RequestDialogs
}

function Row({ request, now, maxShareDays, dialogs }: RowProps) {
  const t = useTranslations("member.shares")
  const words = useTranslations("member.requests.arrivals")
  const at = useOwnerPath()
  const copy = useCopyLink()
  // Polled, so that the page is refreshed when something comes in.
  useLiveShare(request.id)
  const { title, url, newFileCount: count } = request
  return (
    <RequestRow
      request={request}
      href={at(`/requests/${request.id}`)}
      columns={COLUMNS}
      now={now}
      beside={count > 0 && <Badge tone="request">{words("new", { count })}</Badge>}
      end={
        isSoon(request, new Date(now)) && (
          <ExtendButton
            share={request}
            kind="request"
            name={title}
            now={now}
            maxShareDays={maxShareDays}
          />
        )
      }
      actions={
        url && (
          <Button
            variant="text"
            size="sm"
            className="whitespace-nowrap max-lg:min-h-11 max-lg:w-11 max-xl:w-9 max-xl:px-0!"
            title={t("copyLink")}
            aria-label={t("copyLinkOf", { name: title })}
            onClick={() => void copy({ url, name: title })}
          >
            <Copy aria-hidden size={18} className="xl:hidden" />
            <span className="max-xl:hidden">{t("copyLink")}</span>
          </Button>
        )
      }
      menu={
        <RequestMenuItems
          request={request}
          dialogs={dialogs}
          now={now}
          maxShareDays={maxShareDays}
        />
      }
    />
  )
}
