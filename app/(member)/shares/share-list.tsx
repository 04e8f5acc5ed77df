"use client"

import { Copy, EllipsisVertical } from "lucide-react"
import Link from "next/link"
import { useLocale, useTranslations } from "next-intl"
import { RefreshWhileCuttingOff } from "#components/cut-offs/refresh-while-cutting-off.tsx"
import { QuestionBadge } from "#components/shares/asked-shares.tsx"
import { CutOffBadge, LapseWords, ShareLapse } from "#components/shares/share-lapse.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { ShareRing } from "#components/shares/share-ring.tsx"
import { Button } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { copyText } from "#components/ui/copy-text.ts"
import { Menu } from "#components/ui/menu.tsx"
import { useToast } from "#components/ui/toast.tsx"
import { formatBytes } from "#lib/format-bytes.ts"
import type { AskedShare } from "#lib/questions/question.ts"
import type { ShareView } from "#lib/shares/share.ts"
import type { ShareSettings } from "#lib/web/share-settings.ts"
import { ShareMenuItems } from "./share-menu-items.tsx"
import { type ShareDialogs, useShareDialogs } from "./use-share-dialogs.tsx"

const COLUMNS = "md:grid-cols-[1.625rem_minmax(0,1fr)_10.5rem_3.5rem_6rem_8.75rem] md:gap-x-4"

type ShareListProps = {
  shares: ShareView[]
  /** Those of all shares about which there are questions. */
  asked: AskedShare[]
  /** The server's time. */
  now: string
  settings: ShareSettings
}

/** A member's shares: columns on a wide screen, a list on a phone. */
export function ShareList({ shares, asked, now, settings }: ShareListProps) {
  const t = useTranslations("member.shares")
  const dialogs = useShareDialogs(settings, now)
  return (
    <>
      <div
        aria-hidden
        className={classNames("hidden pb-2.5 text-xs font-medium text-soft md:grid", COLUMNS)}
      >
        <span />
        <span>{t("share")}</span>
        <span>{t("lapses")}</span>
        <span className="text-right">{t("views")}</span>
        <span className="text-right">{t("downloads")}</span>
        <span />
      </div>
      <ul aria-label={t("heading")}>
        {shares.map((share) => (
          <Row
            key={share.id}
            share={share}
            questions={asked.find(({ id }) => id === share.id)?.questions ?? 0}
            now={now}
            dialogs={dialogs}
          />
        ))}
      </ul>
      {dialogs.element}
      <RefreshWhileCuttingOff running={shares.some(({ cutOff }) => cutOff?.state === "running")} />
    </>
  )
}

type RowProps = { share: ShareView; questions: number; now: string; dialogs: ShareDialogs }

function Row({ share, questions, now, dialogs }: RowProps) {
  const t = useTranslations("member.shares")
  const locale = useLocale()
  const over = share.status !== "open" && share.status !== "scheduled"
  const name = shareName(share, t)
  return (
    <li
      className={classNames(
        "relative grid grid-cols-[1.625rem_minmax(0,1fr)_auto] items-center gap-x-3.5 border-t border-line py-3.5 text-[0.9375rem] hover:bg-[color-mix(in_srgb,var(--color-wash)_30%,transparent)]",
        COLUMNS,
        over && "text-soft",
      )}
    >
      <ShareRing share={share} now={now} />
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-2 max-md:flex-wrap max-md:gap-y-1 max-md:pb-0.5">
          <Link
            href={`/shares/${share.id}`}
            prefetch={false}
            title={name}
            className="truncate font-medium text-ink after:absolute after:inset-0"
          >
            {name}
          </Link>
          <QuestionBadge count={questions} />
          <CutOffBadge share={share} now={now} />
        </div>
        <Contents share={share} />
      </div>
      <div className="col-span-2 col-start-2 row-start-2 flex flex-wrap gap-x-1.5 text-sm text-soft *:whitespace-nowrap md:hidden">
        <span>
          <LapseWords share={share} now={now} standalone />
        </span>
        <span>· {t("viewCount", { count: share.views })}</span>
        <span>
          · <Downloads share={share} long />
        </span>
      </div>
      <div className="max-md:hidden">
        <ShareLapse share={share} now={now} />
      </div>
      <div className="text-right max-md:hidden">
        {share.views.toLocaleString(locale)}
        <span className="sr-only"> {t("views")}</span>
      </div>
      <div className="text-right whitespace-nowrap max-md:hidden">
        <Downloads share={share} />
        <span className="sr-only"> {t("downloads")}</span>
      </div>
      <div className="relative z-10 flex items-center justify-end noscript:hidden max-md:col-start-3 max-md:row-start-1">
        {!over && <CopyLink share={share} name={name} dialogs={dialogs} />}
        <Menu
          trigger={
            <button
              type="button"
              aria-label={t("menuOf", { name })}
              className="grid size-11 place-items-center rounded-lg text-soft hover:bg-wash hover:text-ink md:-mr-2 md:size-9"
            >
              <EllipsisVertical aria-hidden size={18} />
            </button>
          }
        >
          <ShareMenuItems share={share} dialogs={dialogs} />
        </Menu>
      </div>
    </li>
  )
}

/** "3 files · 4.2 GB · password". */
function Contents({ share }: { share: ShareView }) {
  const t = useTranslations("member.shares")
  const locale = useLocale()
  const parts = [
    t("fileCount", { count: share.fileCount }),
    formatBytes(share.totalBytes, locale),
    share.hasPassword && t("password"),
    share.direct && t("direct"),
    share.arrivingFileCount > 0 && t("arriving", { count: share.arrivingFileCount }),
    share.abandonedFileCount > 0 && t("abandoned", { count: share.abandonedFileCount }),
  ]
  return <div className="truncate text-sm text-soft">{parts.filter(Boolean).join(" · ")}</div>
}

/** "4", or "4 of 10" where there is a limit. */
function Downloads({ share, long = false }: { share: ShareView; long?: boolean }) {
  const t = useTranslations("member.shares")
  const { downloads: count, maxDownloads } = share
  const key = long ? "downloadCount" : "downloadNumber"
  return t(key, { count, limit: maxDownloads ?? 0, limited: maxDownloads === null ? "no" : "yes" })
}

type CopyLinkProps = { share: ShareView; name: string; dialogs: ShareDialogs }

function CopyLink({ share, name, dialogs }: CopyLinkProps) {
  const t = useTranslations("member.shares")
  const toast = useToast()
  async function copy() {
    if (await copyText(share.url)) toast({ title: t("linkCopied"), description: name, tone: "ok" })
    // The dialog shows the link, to be selected by hand.
    else dialogs.showShare(share, "view")
  }
  return (
    <Button
      variant="text"
      size="sm"
      className="max-md:min-h-11 max-md:w-11 max-md:!px-0"
      aria-label={t("copyLinkOf", { name })}
      onClick={copy}
    >
      <Copy aria-hidden size={18} className="md:hidden" />
      <span className="max-md:hidden">{t("copyLink")}</span>
    </Button>
  )
}
