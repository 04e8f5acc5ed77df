"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { formatTime } from "#components/time/format-time.ts"
import { useReader } from "#components/time/local-time.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { EndDialog } from "./end-dialog.tsx"

type DisableDialogProps = {
  member: { id: string; name: string }
  open: boolean
  onClose: () => void
}

/** Disables a member, and asks whether to revoke the member's links. By default they stay open. */
export function DisableDialog({ member: { id, name }, open, onClose }: DisableDialogProps) {
  const t = useTranslations("admin.members")
  const toast = useToast()
  const reader = useReader()
  return (
    <EndDialog
      id={id}
      open={open}
      onClose={onClose}
      title={t("disableTitle", { name })}
      description={t("disableText", { name })}
      confirmLabel={t("disableConfirm", { name })}
      choices={["keep", "revoke", "cutOff", "transfer"]}
      legend={t("links")}
      textOf={(one) => ({ label: t(`linksChoice.${one}`), hint: t(`linksHint.${one}`) })}
      call={(links, transferTo) =>
        ask(
          "PATCH /admin/users/{id}",
          { id, body: { disabled: true, links, transferTo } },
          { slow: true },
        )
      }
      onDone={({ links }, choice) => {
        const until = links?.exposedUntil
        toast({
          tone: "ok",
          title: t("disabledDone", { name }),
          description: t(`linksDone.${choice}`, {
            shares: links?.shares ?? 0,
            files: links?.files ?? 0,
            cutOff: until ? "running" : "done",
            until: until ? formatTime(new Date(until), "clock", reader, null) : "none",
          }),
          timeout: until ? 15_000 : 5_000,
        })
      }}
    />
  )
}
