"use client"

import { Copy } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { ask } from "#components/calls/ask.ts"
import { SelectableList } from "#components/lists/selectable-list.tsx"
import { useSelection } from "#components/lists/use-selection.ts"
import { useOwnerPath } from "#components/nav/owner.ts"
import { OpenToText } from "#components/recipients/open-switch.tsx"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { useFollowedShares, useLiveShare } from "#components/shares/activity/live-shares.ts"
import { ExtendButton } from "#components/shares/expiry/extend-button.tsx"
import { isSoon } from "#components/shares/expiry/extension.ts"
import { ShareContents } from "#components/shares/share-contents.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { ShareRow, type ShareRowProps } from "#components/shares/share-row.tsx"
import { LocalTime, TimeHead, useServerTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { copyText } from "#components/ui/forms/copy-text.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { AskedShare } from "#lib/rooms/questions/question.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { type ShareDialogs, useShareDialogs } from "./dialogs/use-share-dialogs.tsx"
import { ShareBulkBar } from "./share-bulk-bar.tsx"
import { ShareMenuItems } from "./share-menu-items.tsx"

const COLUMNS =
  "lg:grid-cols-[3.75rem_minmax(0,1fr)_9.5rem_3rem_4.75rem_4.5rem] lg:gap-x-4 " +
  "xl:grid-cols-[3.75rem_minmax(0,1fr)_12.5rem_3.5rem_6rem_10.25rem] " +
  "2xl:grid-cols-[3.75rem_minmax(0,1fr)_12.5rem_12.5rem_5rem_5rem_6rem_10.25rem] 2xl:gap-x-6"

type ShareListProps = {
  shares: ShareView[]
  /** All shares with open questions, including those on other pages. */
  asked: AskedShare[]
  /** The server's time. */
  now: string
  settings: PageSettings
  /** Whether there are further pages. */
  hasMore: boolean
  /** The filter of the list. */
  filter: { q: string; status: string }
  /** Shown if there are no shares. An open dialog stays when the last share leaves the list. */
  empty: ReactNode
}

/** A member's shares with a selection: columns on a wide screen, a list on a phone. */
export function ShareList({
  shares,
  asked,
  now,
  settings,
  hasMore,
  filter,
  empty,
}: ShareListProps) {
  const t = useTranslations("member.shares")
  const lists = useTranslations("member.lists")
  const dialogs = useShareDialogs(settings, now)
  useFollowedShares(shares)
  const selection = useSelection()
  const { selected, select, clear } = selection
  const serverTime = useServerTime(now)
  return (
    <>
      {shares.length === 0 ? (
        empty
      ) : (
        <SelectableList
          label={t("heading")}
          ids={shares.map(({ id }) => id)}
          selection={selection}
          findAll={() => ask("GET /shares/ids", { query: filter })}
          hasMore={hasMore}
          columns={{
            grid: COLUMNS,
            heads: (
              <>
                <span>{t("share")}</span>
                <span className="max-2xl:hidden">
                  <TimeHead text={lists("made")} />
                </span>
                <TimeHead text={t("statusLabel")} />
                <span className="text-end">{t("views")}</span>
                <span className="text-end max-2xl:hidden">{lists("previews")}</span>
                <span className="text-end">{t("downloads")}</span>
                <span />
              </>
            ),
          }}
          bar={
            <ShareBulkBar
              selected={selected}
              onClear={clear}
              maxShareDays={settings.maxShareDays}
              now={serverTime}
            />
          }
        >
          {shares.map((share) => (
            <Row
              key={share.id}
              share={share}
              questions={asked.find(({ id }) => id === share.id)?.questions ?? 0}
              now={now}
              maxShareDays={settings.maxShareDays}
              dialogs={dialogs}
              selected={selected.has(share.id)}
              onSelect={(on) => select([share.id], on)}
            />
          ))}
        </SelectableList>
      )}
      {dialogs.element}
      <RefreshWhile what="cutOff" left={shares.some(({ cutOff }) => cutOff?.state === "running")} />
    </>
  )
}

type RowProps = Pick<ShareRowProps, "share" | "questions" | "now" | "selected" | "onSelect"> & {
  maxShareDays: number | null
  dialogs: ShareDialogs
}

function Row({ share: drawn, maxShareDays, dialogs, ...row }: RowProps) {
  const t = useTranslations("member.shares")
  const lists = useTranslations("member.lists")
  const locale = useLocale()
  const at = useOwnerPath()
  const share = useLiveNumbers(drawn)
  const name = shareName(share, t)
  return (
    <ShareRow
      {...row}
      share={share}
      href={at(`/shares/${share.id}`)}
      columns={COLUMNS}
      contents={<ShareContents share={share} />}
      before={
        <div className="text-sm whitespace-nowrap text-soft max-2xl:hidden">
          <LocalTime at={share.createdAt} form="short" zone={false} now={row.now} />
        </div>
      }
      between={
        <div className="text-end max-2xl:hidden">
          {share.previews.toLocaleString(locale)}
          <span className="sr-only"> {lists("previews")}</span>
        </div>
      }
      end={
        isSoon(share, new Date(row.now)) && (
          <ExtendButton share={share} name={name} now={row.now} maxShareDays={maxShareDays} />
        )
      }
      actions={<CopyLink share={share} name={name} dialogs={dialogs} />}
      menu={
        <ShareMenuItems share={share} dialogs={dialogs} now={row.now} maxShareDays={maxShareDays} />
      }
    />
  )
}

/** A share with its current counters. */
function useLiveNumbers(share: ShareView): ShareView {
  const live = useLiveShare(share.id)
  return {
    ...share,
    views: Math.max(share.views, live?.views ?? 0),
    previews: Math.max(share.previews, live?.previews ?? 0),
    downloads: Math.max(share.downloads, live?.downloads ?? 0),
    viewers: Math.max(share.viewers, live?.viewers ?? 0),
  }
}

type CopyLinkProps = { share: ShareView; name: string; dialogs: ShareDialogs }

function CopyLink({ share, name, dialogs }: CopyLinkProps) {
  const t = useTranslations("member.shares")
  const toast = useToast()
  if (share.url === null && share.status !== "revoked")
    return (
      <span className="text-end text-sm text-soft max-xl:sr-only">
        <OpenToText openTo={share.openTo} />
      </span>
    )
  async function copy() {
    if (share.url && (await copyText(share.url)))
      toast({ title: t("linkCopied"), description: name, tone: "ok" })
    // The dialog shows the link, so that it can be copied by hand.
    else dialogs.showShare(share, "view")
  }
  return (
    <Button
      variant="text"
      size="sm"
      className="whitespace-nowrap max-lg:min-h-11 max-lg:w-11 max-xl:w-9 max-xl:px-0!"
      title={t("copyLink")}
      aria-label={t("copyLinkOf", { name })}
      onClick={copy}
    >
      <Copy aria-hidden size={18} className="xl:hidden" />
      <span className="max-xl:hidden">{t("copyLink")}</span>
    </Button>
  )
}
