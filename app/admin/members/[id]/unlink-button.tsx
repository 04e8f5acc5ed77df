"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { MemberView } from "#lib/accounts/member.ts"

type UnlinkButtonProps = {
  member: Pick<MemberView, "id" | "name" | "email">
  /** The name of the identity provider. */
  provider: string
}

/** Unlinks a member from the identity provider, for a person who has another account there now. */
export function UnlinkButton({ member: { id, name, email }, provider }: UnlinkButtonProps) {
  const t = useTranslations("admin.members")
  const toast = useToast()
  const { run, pending, refused } = useChange()
  const [isAsking, setAsking] = useState(false)
  const unlink = () =>
    run(
      () => ask("DELETE /admin/users/{id}/identity", { id }),
      () => {
        setAsking(false)
        toast({ tone: "ok", title: t("unlinked", { name, provider }) })
      },
    )
  return (
    <>
      <Button variant="quiet" size="sm" onClick={() => setAsking(true)}>
        {t("unlink", { provider })}
      </Button>
      <AlertDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t("unlinkTitle", { name, provider })}
        description={t("unlinkText", { name, email, provider })}
        confirmLabel={t("unlinkConfirm")}
        onConfirm={unlink}
        pending={pending}
      >
        {refused && (
          <p role="alert" className="text-sm text-danger">
            {refused.message}
          </p>
        )}
      </AlertDialog>
    </>
  )
}
