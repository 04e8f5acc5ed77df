"use client"

import { useTranslations } from "next-intl"
import { DottedItem } from "#components/lists/dotted.tsx"
import { ShareContents } from "#components/shares/share-contents.tsx"
import { ShareRow, type ShareRowProps } from "#components/shares/share-row.tsx"
import { MenuItem, MenuLink } from "#components/ui/overlays/menu.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import type { AdminShareView } from "#lib/rooms/shares/share.ts"

/** The grid columns on a wide screen; without the owner's on a less wide one. */
export const COLUMNS =
  "lg:grid-cols-[3.75rem_minmax(0,1fr)_9.5rem_3rem_4.75rem_auto] lg:gap-x-4 " +
  "xl:grid-cols-[3.75rem_minmax(0,1fr)_9rem_12rem_3.5rem_6.5rem_auto]"

/** Admins may also revoke a share that its owner revoked, so that only an admin can restore it. */
export const isRevocable = ({ revokedBy }: AdminShareView) => !revokedBy?.admin

type AdminShareRowProps = Pick<ShareRowProps, "questions" | "now" | "selected" | "onSelect"> & {
  share: AdminShareView
  readOnly: boolean
  onRevoke: () => void
  onRestore: () => void
}

/** A member's share in an admin's list, with its actions. */
export function AdminShareRow({
  share,
  readOnly,
  onRevoke,
  onRestore,
  ...row
}: AdminShareRowProps) {
  const t = useTranslations("admin.shares")
  const owner = (
    <TextLink
      href={`/admin/shares?ownerId=${share.owner.id}`}
      title={share.owner.email}
      className="relative z-10"
    >
      {share.owner.name}
    </TextLink>
  )
  return (
    <ShareRow
      {...row}
      share={share}
      href={`/admin/shares/${share.id}`}
      columns={COLUMNS}
      selectable={isRevocable(share)}
      contents={
        <>
          <ShareContents
            share={share}
            more={<DottedItem className="xl:hidden">{owner}</DottedItem>}
          />
          {share.revokeReason && (
            <div className="text-sm text-soft">{t("because", { reason: share.revokeReason })}</div>
          )}
        </>
      }
      before={<div className="truncate text-soft max-xl:hidden">{owner}</div>}
      menu={
        <>
          {!readOnly && isRevocable(share) && (
            <MenuItem tone="danger" onClick={onRevoke}>
              {t("revoke")}…
            </MenuItem>
          )}
          <MenuLink href={`/admin/shares/${share.id}`}>{t("look")}</MenuLink>
          {!readOnly && (
            <MenuLink href={`/admin/panic?what=file&shareId=${share.id}`}>{t("ofFile")}</MenuLink>
          )}
          {!readOnly && share.status === "revoked" && (
            <MenuItem onClick={onRestore}>{t("restore")}</MenuItem>
          )}
        </>
      }
    />
  )
}
