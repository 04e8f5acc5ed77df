"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { AlertDialog } from "#components/ui/alert-dialog.tsx"
import { useToast } from "#components/ui/toast.tsx"
import { useAct } from "#components/use-act.ts"
import type { MemberView } from "#lib/accounts/member.ts"
import { disableMember } from "../actions.ts"
import { OwnerSelect } from "./owner-select.tsx"

type HandOverDialogProps = {
  member: Pick<MemberView, "id" | "name" | "disabled">
  open: boolean
  onClose: () => void
}

/** Gives all files and shares to another member; the account is disabled. */
export function HandOverDialog({ member, open, onClose }: HandOverDialogProps) {
  const t = useTranslations("admin.members")
  const router = useRouter()
  const toast = useToast()
  const { act, pending, refused, reset } = useAct(disableMember)
  const [owner, setOwner] = useState("")
  const { id, name, disabled } = member

  function close() {
    reset()
    setOwner("")
    onClose()
  }

  const confirm = () =>
    act({ id, links: "transfer", transferTo: owner }, ({ result }) => {
      close()
      const { shares = 0, files = 0 } = result ?? {}
      toast({ tone: "ok", title: t("linksDone.transfer", { shares, files }) })
      router.refresh()
    })

  return (
    <AlertDialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t("handOverTitle", { name })}
      description={t(disabled ? "handOverText" : "handOverActiveText", { name })}
      confirmLabel={t("handOverConfirm")}
      onConfirm={confirm}
      pending={pending}
    >
      <OwnerSelect from={id} value={owner} onChange={setOwner} error={refused?.message} />
    </AlertDialog>
  )
}
