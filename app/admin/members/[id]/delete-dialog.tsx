"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { api } from "#components/api.ts"
import { useChange } from "#components/calls/use-call.ts"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { Radio } from "#components/ui/forms/checkbox.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { MemberView } from "#lib/accounts/member.ts"
import { OwnerSelect } from "../owner-select.tsx"

const CHOICES = ["transfer", "delete"] as const

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
  const group = useId()
  const { run, pending, refused, reset } = useChange()
  const [files, setFiles] = useState<(typeof CHOICES)[number]>("transfer")
  const [owner, setOwner] = useState("")

  function close() {
    reset()
    setFiles("transfer")
    setOwner("")
    onClose()
  }

  function confirm() {
    const transferTo = files === "transfer" && owner ? owner : undefined
    run(
      () => api.admin.users.delete(id, { files, transferTo }),
      ({ shares, files: count }) => {
        close()
        toast({
          tone: "ok",
          title: t("deleted", { name }),
          description: t(`deletedDone.${files}`, { shares, files: count }),
        })
        router.push("/admin/members")
      },
    )
  }

  const ofOwner = refused?.field === "transferTo" ? refused.message : undefined
  return (
    <AlertDialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t("deleteTitle", { name })}
      description={t("deleteText", { name })}
      confirmLabel={t("deleteConfirm", { name })}
      onConfirm={confirm}
      pending={pending}
    >
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-3 text-sm font-medium">{t("deleteFiles")}</legend>
        {CHOICES.map((one) => (
          <Radio
            key={one}
            name={group}
            label={t(`deleteChoice.${one}`)}
            hint={t(`deleteHint.${one}`)}
            checked={files === one}
            onChange={() => setFiles(one)}
          />
        ))}
      </fieldset>
      {files === "transfer" && (
        <div className="mt-3 ms-7">
          <OwnerSelect from={id} value={owner} onChange={setOwner} error={ofOwner} />
        </div>
      )}
      {refused && !ofOwner && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {refused.message}
        </p>
      )}
    </AlertDialog>
  )
}
