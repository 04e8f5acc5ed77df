"use client"

import { EllipsisVertical } from "lucide-react"
import Link from "next/link"
import { useLocale, useTranslations } from "next-intl"
import { useState } from "react"
import { Exposure, LapseWords, ShareLapse } from "#components/shares/share-lapse.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { ShareRing } from "#components/shares/share-ring.tsx"
import { Button } from "#components/ui/button.tsx"
import { Checkbox } from "#components/ui/checkbox.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { Menu, MenuItem } from "#components/ui/menu.tsx"
import { useToast } from "#components/ui/toast.tsx"
import { useAct } from "#components/use-act.ts"
import { formatBytes } from "#lib/format-bytes.ts"
import type { AdminShareView } from "#lib/shares/share.ts"
import { restoreShareAction } from "./actions.ts"
import { type Named, RevokeSharesDialog } from "./revoke-shares-dialog.tsx"

const COLUMNS =
  "md:grid-cols-[auto_1.625rem_minmax(0,1fr)_9rem_10.5rem_3.5rem_5.5rem_auto] md:gap-x-4"

type AdminShareListProps = {
  shares: AdminShareView[]
  now: string
  /** The one member whose shares these are. */
  owner: { id: string; name: string } | null
}

/** Every member's shares, to be looked through and revoked. */
export function AdminShareList({ shares, now, owner }: AdminShareListProps) {
  const t = useTranslations("admin.shares")
  const words = useTranslations("member.shares")
  const toast = useToast()
  const restoring = useAct(restoreShareAction)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [named, setNamed] = useState<Named | null>(null)

  const choosable = shares.filter(isRevocable)
  const here = choosable.filter(({ id }) => chosen.has(id))
  const choose = (ids: string[], on: boolean) =>
    setChosen((before) => {
      const after = new Set(before)
      for (const id of ids) on ? after.add(id) : after.delete(id)
      return after
    })
  const askFor = (some: AdminShareView[]) => {
    const [first] = some
    if (!first) return
    const title =
      some.length === 1
        ? t("revokeOne", { name: shareName(first, words) })
        : t("revokeMany", { count: some.length })
    setNamed({ kind: "ids", ids: some.map(({ id }) => id), title })
  }

  return (
    <>
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 pb-1 text-sm noscript:hidden">
        <Checkbox
          label={here.length > 0 ? t("chosen", { count: here.length }) : t("chooseAll")}
          disabled={choosable.length === 0}
          checked={here.length > 0 && here.length === choosable.length}
          onChange={({ currentTarget }) =>
            choose(
              choosable.map(({ id }) => id),
              currentTarget.checked,
            )
          }
        />
        <div className="-mr-3.25 flex">
          {owner ? (
            <Button
              variant="text"
              size="sm"
              onClick={() =>
                setNamed({
                  kind: "owner",
                  ownerId: owner.id,
                  title: t("revokeOwnerTitle", { name: owner.name }),
                })
              }
            >
              {t("revokeOwner", { name: owner.name })}
            </Button>
          ) : (
            <Button
              variant="text"
              size="sm"
              onClick={() => setNamed({ kind: "all", title: t("revokeAllTitle") })}
            >
              {t("revokeAll")}
            </Button>
          )}
        </div>
      </div>
      <ul aria-label={t("heading")}>
        {shares.map((share) => (
          <Row
            key={share.id}
            share={share}
            now={now}
            chosen={chosen.has(share.id)}
            onChoose={(on) => choose([share.id], on)}
            onRevoke={() => askFor([share])}
            onRestore={() =>
              restoring.act(
                { id: share.id },
                () => toast({ title: t("restored"), tone: "ok" }),
                ({ message }) => toast({ title: message, tone: "danger" }),
              )
            }
          />
        ))}
      </ul>
      {here.length > 0 && (
        <section
          aria-label={t("chosen", { count: here.length })}
          className="sticky bottom-20 z-20 mt-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-[14px] bg-raised px-4 py-3 shadow-raised inset-ring inset-ring-line md:bottom-5"
        >
          <p className="grow text-sm font-medium max-sm:w-full">
            {t("chosen", { count: here.length })}
          </p>
          <Button variant="text" size="sm" onClick={() => setChosen(new Set())}>
            {t("chooseNone")}
          </Button>
          <Button variant="danger" size="sm" onClick={() => askFor(here)}>
            {t("revokeChosen")}
          </Button>
        </section>
      )}
      <RevokeSharesDialog
        named={named}
        onClose={() => setNamed(null)}
        onRevoked={() => setChosen(new Set())}
      />
    </>
  )
}

/** An admin may also take over a revoke of the owner, so that only an admin takes it back. */
const isRevocable = ({ revokedBy }: AdminShareView) => !revokedBy?.admin

type RowProps = {
  share: AdminShareView
  now: string
  chosen: boolean
  onChoose: (on: boolean) => void
  onRevoke: () => void
  onRestore: () => void
}

function Row({ share, now, chosen, onChoose, onRevoke, onRestore }: RowProps) {
  const t = useTranslations("admin.shares")
  const words = useTranslations("member.shares")
  const locale = useLocale()
  const name = shareName(share, words)
  const revoked = share.status === "revoked"
  const over = share.status !== "open" && share.status !== "scheduled"
  const contents = [
    words("fileCount", { count: share.fileCount }),
    formatBytes(share.totalBytes, locale),
    share.hasPassword && words("password"),
  ]
  const owner = (
    <Link
      href={`/admin/shares?ownerId=${share.owner.id}`}
      prefetch={false}
      title={share.owner.email}
      className="underline decoration-line underline-offset-2 hover:decoration-current"
    >
      {share.owner.name}
    </Link>
  )
  const downloads = words("downloadNumber", {
    count: share.downloads,
    limit: share.maxDownloads ?? 0,
    limited: share.maxDownloads === null ? "no" : "yes",
  })
  return (
    <li
      className={classNames(
        "grid grid-cols-[auto_1.625rem_minmax(0,1fr)_auto] items-center gap-x-3.5 border-t border-line py-3.5 text-[0.9375rem]",
        COLUMNS,
        over && "text-soft",
        chosen && "-mx-3 bg-[color-mix(in_srgb,var(--color-wash)_45%,transparent)] px-3",
      )}
    >
      <Checkbox
        label={t("choose", { name })}
        labelHidden
        checked={chosen}
        disabled={!isRevocable(share)}
        onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
      />
      <ShareRing share={share} now={now} />
      <div className="min-w-0">
        <div className="truncate font-medium text-ink" title={name}>
          {name}
        </div>
        <div className="truncate text-sm text-soft">{contents.filter(Boolean).join(" · ")}</div>
        <div className="text-sm text-soft md:hidden">
          {owner}
          {" · "}
          <LapseWords share={share} now={now} whole />
          {" · "}
          {words("viewCount", { count: share.views })}
        </div>
        {revoked && share.exposedUntil && (
          <div className="text-sm text-soft">
            <Exposure until={share.exposedUntil} now={now} />
          </div>
        )}
        {share.revokeReason && (
          <div className="text-sm text-soft">{t("because", { reason: share.revokeReason })}</div>
        )}
      </div>
      <div className="truncate text-soft max-md:hidden">{owner}</div>
      <div className="max-md:hidden">
        <ShareLapse share={share} now={now} />
      </div>
      <div className="text-right max-md:hidden">
        {share.views.toLocaleString(locale)}
        <span className="sr-only"> {words("views")}</span>
      </div>
      <div className="text-right whitespace-nowrap max-md:hidden">
        {downloads}
        <span className="sr-only"> {words("downloads")}</span>
      </div>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={words("menuOf", { name })}
            className="grid size-11 place-items-center rounded-lg text-soft hover:bg-wash hover:text-ink md:-mr-2 md:size-9"
          >
            <EllipsisVertical aria-hidden size={18} />
          </button>
        }
      >
        {isRevocable(share) && (
          <MenuItem tone="danger" onClick={onRevoke}>
            {t("revoke")}…
          </MenuItem>
        )}
        {revoked && <MenuItem onClick={onRestore}>{t("restore")}</MenuItem>}
      </Menu>
    </li>
  )
}
