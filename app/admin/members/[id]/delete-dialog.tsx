"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { MemberView } from "#lib/rooms/accounts/member.ts"
import { EndDialog } from "../end-dialog.tsx"

type DeleteDialogProps = {
  member: Pick<MemberView, "id" | "name">
  open: boolean
  onClose: () => void
}

/** Deletes an account, and asks what to do with its files and shares. */
export function DeleteDialog({ member: { id, name }, open, onClose }: DeleteDialogProps) {
  const t = useTranslations("admin.members")
  const router = useRouter()
  const toast = useToast()
  return (
    <EndDialog
      id={id}
      open={open}
      onClose={onClose}
      title={t("deleteTitle", { name })}
      description={t("deleteText", { name })}
      confirmLabel={t("deleteConfirm", { name })}
      choices={["transfer", "delete"]}
      legend={t("deleteFiles")}
      textOf={(one) => ({ label: t(`deleteChoice.${one}`), hint: t(`deleteHint.${one}`) })}
      call={(files, transferTo) =>
        ask("DELETE /admin/users/{id}", { id, body: { files, transferTo } }, { slow: true })
      }
      onDone={({ shares, files }, choice) => {
        toast({
          tone: "ok",
          title: t("deleted", { name }),
          description: t(`deletedDone.${choice}`, { shares, files }),
        })
        router.push("/admin/members")
      }}
    />
  )
}
