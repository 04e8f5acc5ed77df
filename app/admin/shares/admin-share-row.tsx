"use client"

import Link from "next/link"
import { useLocale, useTranslations } from "next-intl"
import { QuestionBadge } from "#components/shares/asked-shares.tsx"
import { CutOffBadge, LapseWords, ShareLapse } from "#components/shares/expiry/share-lapse.tsx"
import { ShareCounted, useCountedText } from "#components/shares/share-counted.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { ShareRing } from "#components/shares/share-ring.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { Checkbox } from "#components/ui/forms/checkbox.tsx"
import { MenuItem, MenuLink } from "#components/ui/overlays/menu.tsx"
import { RowMenu } from "#components/ui/overlays/row-menu.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import type { AdminShareView } from "#lib/shares/share.ts"
import { formatBytes } from "#lib/text/format-bytes.ts"

/** The grid columns on a wide screen; without the owner's on a less wide one. */
export const COLUMNS =
  "lg:grid-cols-[auto_1.625rem_minmax(0,1fr)_9.5rem_3rem_4.75rem_auto] lg:gap-x-4 " +
  "xl:grid-cols-[auto_1.625rem_minmax(0,1fr)_9rem_12rem_3.5rem_6.5rem_auto]"

/** Admins may also revoke a share that its owner revoked, so that only an admin can restore it. */
export const isRevocable = ({ revokedBy }: AdminShareView) => !revokedBy?.admin

type AdminShareRowProps = {
  share: AdminShareView
  questions: number
  now: string
  selected: boolean
  onSelect: (on: boolean) => void
  onRevoke: () => void
  onRestore: () => void
}

/** A member's share in an admin's list, with its actions. */
export function AdminShareRow({
  share,
  questions,
  now,
  selected,
  onSelect,
  onRevoke,
  onRestore,
}: AdminShareRowProps) {
  const t = useTranslations("admin.shares")
  const words = useTranslations("member.shares")
  const locale = useLocale()
  const countedText = useCountedText()
  const name = shareName(share, words)
  const revoked = share.status === "revoked"
  const over = share.status !== "open" && share.status !== "scheduled"
  const contents = [
    words("fileCount", { count: share.fileCount }),
    formatBytes(share.totalBytes, locale),
    share.hasPassword && words("password"),
  ]
  const owner = (
    <TextLink href={`/admin/shares?ownerId=${share.owner.id}`} title={share.owner.email}>
      {share.owner.name}
    </TextLink>
  )
  return (
    <li
      className={classNames(
        "grid grid-cols-[auto_1.625rem_minmax(0,1fr)_auto] items-center gap-x-3.5 border-t border-line py-3.5 text-[0.9375rem]",
        COLUMNS,
        over && "text-soft",
        selected && "-mx-3 bg-[color-mix(in_srgb,var(--color-wash)_45%,transparent)] px-3",
      )}
    >
      <Checkbox
        label={t("choose", { name })}
        labelHidden
        checked={selected}
        disabled={!isRevocable(share)}
        onChange={({ currentTarget }) => onSelect(currentTarget.checked)}
      />
      <ShareRing share={share} now={now} />
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-2 max-lg:flex-wrap max-lg:gap-y-1 max-lg:pb-0.5">
          <Link
            href={`/admin/shares/${share.id}`}
            prefetch={false}
            title={name}
            className="line-clamp-3 min-w-0 font-medium wrap-anywhere text-ink hover:underline"
          >
            {name}
          </Link>
          <QuestionBadge count={questions} />
          <CutOffBadge share={share} now={now} />
        </div>
        <div className="truncate text-sm text-soft">{contents.filter(Boolean).join(" · ")}</div>
        <div className="text-sm text-soft xl:hidden">
          {owner}
          <span className="lg:hidden">
            {" · "}
            <LapseWords share={share} now={now} standalone />
            {" · "}
            {words("viewCount", { count: share.views })}
            {" · "}
            {countedText(share)}
          </span>
        </div>
        {share.revokeReason && (
          <div className="text-sm text-soft">{t("because", { reason: share.revokeReason })}</div>
        )}
      </div>
      <div className="truncate text-soft max-xl:hidden">{owner}</div>
      <div className="max-lg:hidden">
        <ShareLapse share={share} now={now} />
      </div>
      <div className="text-end max-lg:hidden">
        {share.views.toLocaleString(locale)}
        <span className="sr-only"> {words("views")}</span>
      </div>
      <div className="text-end max-lg:hidden">
        <ShareCounted share={share} />
      </div>
      <RowMenu label={words("menuOf", { name })}>
        {isRevocable(share) && (
          <MenuItem tone="danger" onClick={onRevoke}>
            {t("revoke")}…
          </MenuItem>
        )}
        <MenuLink href={`/admin/shares/${share.id}`}>{t("look")}</MenuLink>
        <MenuLink href={`/admin/panic?what=file&shareId=${share.id}`}>{t("ofFile")}</MenuLink>
        {revoked && <MenuItem onClick={onRestore}>{t("restore")}</MenuItem>}
      </RowMenu>
    </li>
  )
}
