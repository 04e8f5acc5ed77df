"use client"

import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { api } from "#components/api.ts"
import { useChange } from "#components/calls/use-call.ts"
import { formatTime } from "#components/time/format-time.ts"
import { useReader } from "#components/time/local-time.tsx"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { Radio } from "#components/ui/forms/checkbox.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { OwnerSelect } from "./owner-select.tsx"

const CHOICES = ["keep", "revoke", "cutOff", "transfer"] as const
type Choice = (typeof CHOICES)[number]

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
  const group = useId()
  const { run, pending, refused, reset } = useChange()
  const [choice, setChoice] = useState<Choice>("keep")
  const [owner, setOwner] = useState("")

  function close() {
    reset()
    setChoice("keep")
    setOwner("")
    onClose()
  }

  function confirm() {
    const transferTo = choice === "transfer" && owner ? owner : undefined
    run(
      () => api.admin.users.change(id, { disabled: true, links: choice, transferTo }),
      ({ links }) => {
        close()
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
      },
    )
  }

  const ownerRefused = refused?.field === "transferTo" ? refused.message : undefined
  return (
    <AlertDialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t("disableTitle", { name })}
      description={t("disableText", { name })}
      confirmLabel={t("disableConfirm", { name })}
      onConfirm={confirm}
      pending={pending}
    >
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-3 text-sm font-medium">{t("links")}</legend>
        {CHOICES.map((one) => (
          <Radio
            key={one}
            name={group}
            label={t(`linksChoice.${one}`)}
            hint={t(`linksHint.${one}`)}
            checked={choice === one}
            onChange={() => setChoice(one)}
          />
        ))}
      </fieldset>
      {choice === "transfer" && (
        <div className="mt-3 ms-7">
          <OwnerSelect from={id} value={owner} onChange={setOwner} error={ownerRefused} />
        </div>
      )}
      {refused && !ownerRefused && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {refused.message}
        </p>
      )}
    </AlertDialog>
  )
}
