"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { Button } from "#components/ui/button.tsx"
import { Field, Input } from "#components/ui/forms/field.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"

/** A button that releases a held file, after an admin has given a reason. */
export function ReleaseFile({ id }: { id: string }) {
  const t = useTranslations("admin.files")
  const toast = useToast()
  const [isAsking, setAsking] = useState(false)
  const [reason, setReason] = useState("")
  return (
    <>
      <Button size="sm" onClick={() => setAsking(true)}>
        {t("release")}
      </Button>
      <ChangeDialog
        open={isAsking}
        onClose={() => setAsking(false)}
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
      </ChangeDialog>
    </>
  )
}
