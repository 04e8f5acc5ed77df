"use client"

import { useRouter } from "next/navigation"
import { useLocale, useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { MemberView } from "#lib/rooms/accounts/member.ts"
import type { MemberCounts } from "#lib/rooms/admin/member-counts.ts"
import { EndDialog } from "../end-dialog.tsx"

export type Counts = Pick<MemberCounts, "openShares" | "shares" | "openRequests" | "files">

type DeleteDialogProps = {
  /** Whether it is the account of a person, or a team. */
  of?: "users" | "teams"
  member: Pick<MemberView, "id" | "name" | "usedBytes">
  counts: Counts
  open: boolean
  onClose: () => void
}

/** Deletes an account or a team, and asks what to do with its files and shares. */
export function DeleteDialog({ of = "users", member, counts, open, onClose }: DeleteDialogProps) {
  const { id, name, usedBytes } = member
  const { openShares, shares, files } = counts
  const t = useTranslations("admin.members")
  const team = useTranslations("admin.teams")
  const locale = useLocale()
  const size = formatBytes(usedBytes, locale)
  const has = t("deleteHas", { name, files, size, shares, open: openShares })
  const router = useRouter()
  const toast = useToast()
  return (
    <EndDialog
      id={id}
      open={open}
      onClose={onClose}
      title={t("deleteTitle", { name })}
      description={`${has} ${of === "users" ? t("deleteText", { name }) : team("deleteText")}`}
      confirmLabel={t("deleteConfirm", { name })}
      choices={["transfer", "delete"]}
      legend={t("deleteFiles")}
      textOf={(one) => ({ label: t(`deleteChoice.${one}`), hint: t(`deleteHint.${one}`) })}
      call={(files, transferTo) =>
        ask(`DELETE /admin/${of}/{id}`, { id, body: { files, transferTo } }, { slow: true })
      }
      onDone={({ shares, files }, choice) => {
        toast({
          tone: "ok",
          title: t("deleted", { name }),
          description: t(`deletedDone.${choice}`, { shares, files }),
        })
        router.replace(of === "users" ? "/admin/members" : "/admin/teams")
      }}
    />
  )
}
