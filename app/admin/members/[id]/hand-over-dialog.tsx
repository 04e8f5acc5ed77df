"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { MemberView } from "#lib/accounts/member.ts"
import { EndDialog } from "../end-dialog.tsx"

type HandOverDialogProps = {
  member: Pick<MemberView, "id" | "name" | "disabled">
  open: boolean
  onClose: () => void
}

/** Transfers all files and shares to another member and disables the account. */
export function HandOverDialog({ member, open, onClose }: HandOverDialogProps) {
  const t = useTranslations("admin.members")
  const toast = useToast()
  const { id, name, disabled } = member
  return (
    <EndDialog
      id={id}
      open={open}
      onClose={onClose}
      title={t("handOverTitle", { name })}
      description={t(disabled ? "handOverText" : "handOverActiveText", { name })}
      confirmLabel={t("handOverConfirm")}
      choices={["transfer"]}
      call={(links, transferTo) =>
        ask(
          "PATCH /admin/users/{id}",
          { id, body: { disabled: true, links, transferTo } },
          { slow: true },
        )
      }
      onDone={({ links }) => {
        const { shares = 0, files = 0 } = links ?? {}
        toast({ tone: "ok", title: t("linksDone.transfer", { shares, files }) })
      }}
    />
  )
}
