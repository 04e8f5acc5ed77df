"use client"

import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { formatTime } from "#components/format-time.ts"
import { useReader } from "#components/local-time.tsx"
import { AlertDialog } from "#components/ui/alert-dialog.tsx"
import { Radio } from "#components/ui/checkbox.tsx"
import { Field } from "#components/ui/field.tsx"
import { NativeSelect } from "#components/ui/native-select.tsx"
import { useToast } from "#components/ui/toast.tsx"
import { useAct } from "#components/use-act.ts"
import type { NewOwner } from "#lib/accounts/list-new-owners.ts"
import { disableMember, newOwners } from "./actions.ts"

const CHOICES = ["keep", "revoke", "transfer"] as const
type Choice = (typeof CHOICES)[number]

type DisableDialogProps = {
  member: { id: string; name: string }
  open: boolean
  onClose: () => void
}

/** Disables a member, and asks what becomes of the links: without a choice they stay open. */
export function DisableDialog({ member: { id, name }, open, onClose }: DisableDialogProps) {
  const t = useTranslations("admin.members")
  const toast = useToast()
  const reader = useReader()
  const group = useId()
  const { act, pending, refused, reset } = useAct(disableMember)
  const { act: ask, refused: unlisted } = useAct(newOwners)
  const [choice, setChoice] = useState<Choice>("keep")
  const [owners, setOwners] = useState<NewOwner[] | null>(null)
  const [owner, setOwner] = useState("")

  function close() {
    reset()
    setChoice("keep")
    setOwner("")
    setOwners(null)
    onClose()
  }

  function choose(next: Choice) {
    setChoice(next)
    if (next === "transfer" && owners === null) ask({ id }, setOwners)
  }

  function confirm() {
    const to = choice === "transfer" ? { transferTo: owner } : {}
    act({ id, links: choice, ...to }, ({ links, result }) => {
      close()
      const until = result?.exposedUntil
      toast({
        tone: "ok",
        title: t("disabledDone", { name }),
        description: t(`linksDone.${links}`, {
          shares: result?.shares ?? 0,
          files: result?.files ?? 0,
          until: until ? formatTime(new Date(until), "clock", reader, null) : "none",
        }),
        timeout: until ? 15_000 : 5_000,
      })
    })
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
            onChange={() => choose(one)}
          />
        ))}
      </fieldset>
      {choice === "transfer" && (
        <div className="mt-3 ml-7">
          <Field label={t("newOwner")} error={ownerRefused}>
            {(control) => (
              <NativeSelect
                {...control}
                value={owner}
                disabled={owners === null}
                onChange={({ currentTarget }) => setOwner(currentTarget.value)}
              >
                <option value="">{t("newOwnerChoose")}</option>
                {owners?.map((one) => (
                  <option key={one.id} value={one.id}>
                    {t("newOwnerOption", one)}
                  </option>
                ))}
              </NativeSelect>
            )}
          </Field>
        </div>
      )}
      {[unlisted, ownerRefused ? null : refused].map(
        (one) =>
          one && (
            <p key={one.message} role="alert" className="mt-3 text-sm text-danger">
              {one.message}
            </p>
          ),
      )}
    </AlertDialog>
  )
}
