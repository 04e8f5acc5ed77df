"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ConfirmedButton } from "#components/calls/confirmed-button.tsx"
import { Field, Input } from "#components/ui/forms/field.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"

/** A button that releases a held file, after an admin has given a reason. */
export function ReleaseFile({ id }: { id: string }) {
  const t = useTranslations("admin.files")
  const toast = useToast()
  const [reason, setReason] = useState("")
  return (
    <ConfirmedButton
      button={{ size: "sm", children: t("release") }}
      title={t("releaseTitle")}
      description={t("releaseText")}
      confirmLabel={t("releaseConfirm")}
      call={() => ask("POST /admin/files/{id}/release", { id, body: { reason } })}
      onDone={() => toast({ tone: "ok", title: t("released") })}
      fields={["reason"]}
    >
      {(errorOf) => (
        <Field label={t("releaseReason")} error={errorOf("reason")}>
          {(props) => (
            <Input
              {...props}
              value={reason}
              maxLength={500}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
            />
          )}
        </Field>
      )}
    </ConfirmedButton>
  )
}
