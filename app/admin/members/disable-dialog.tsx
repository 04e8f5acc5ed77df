"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { formatTime } from "#components/time/format-time.ts"
import { useReader } from "#components/time/local-time.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { AnswerOf } from "#lib/api/ask-by.ts"
import type { MemberView } from "#lib/rooms/accounts/member.ts"
import { EndDialog } from "./end-dialog.tsx"

type Choice = "keep" | "revoke" | "cutOff" | "transfer"

type DisableDialogProps = {
  member: Pick<MemberView, "id" | "name" | "disabled">
  /** Whether the only choice is to transfer all files and shares, as for a disabled member. */
  handsOver?: boolean
  open: boolean
  onClose: () => void
}

/** Disables a member, and asks what to do with the member's links. By default they stay open. */
export function DisableDialog({ member, handsOver = false, open, onClose }: DisableDialogProps) {
  const { id, name, disabled } = member
  const t = useTranslations("admin.members")
  const toast = useToast()
  const reader = useReader()
  return (
    <EndDialog<Choice, AnswerOf<"PATCH /admin/users/{id}">>
      id={id}
      open={open}
      onClose={onClose}
      {...(handsOver
        ? {
            title: t("handOverTitle", { name }),
            description: t(disabled ? "handOverText" : "handOverActiveText", { name }),
            confirmLabel: t("handOverConfirm"),
            choices: ["transfer"],
          }
        : {
            title: t("disableTitle", { name }),
            description: t("disableText", { name }),
            confirmLabel: t("disableConfirm", { name }),
            choices: ["keep", "revoke", "cutOff", "transfer"],
            legend: t("links"),
            textOf: (one) => ({ label: t(`linksChoice.${one}`), hint: t(`linksHint.${one}`) }),
          })}
      call={(links, transferTo) =>
        ask(
          "PATCH /admin/users/{id}",
          { id, body: { disabled: true, links, transferTo } },
          { slow: true },
        )
      }
      onDone={({ links }, choice) => {
        const until = links?.exposedUntil
        const done = t(`linksDone.${choice}`, {
          shares: links?.shares ?? 0,
          files: links?.files ?? 0,
          cutOff: until ? "running" : "done",
          until: until ? formatTime(new Date(until), "clock", reader, null) : "none",
        })
        toast({
          tone: "ok",
          ...(handsOver
            ? { title: done }
            : { title: t("disabledDone", { name }), description: done }),
          timeout: until ? 15_000 : 5_000,
        })
      }}
    />
  )
}
