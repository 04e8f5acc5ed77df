"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { ConfirmedButton } from "#components/calls/confirmed-button.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { MemberView } from "#lib/rooms/accounts/member.ts"

type UnlinkButtonProps = {
  member: Pick<MemberView, "id" | "name" | "email">
  /** The name of the identity provider. */
  provider: string
}

/** Unlinks a member from the identity provider, for a person who has another account there now. */
export function UnlinkButton({ member: { id, name, email }, provider }: UnlinkButtonProps) {
  const t = useTranslations("admin.members")
  const toast = useToast()
  return (
    <ConfirmedButton
      button={{ variant: "quiet", size: "sm", children: t("unlink", { provider }) }}
      title={t("unlinkTitle", { name, provider })}
      description={t("unlinkText", { name, email, provider })}
      confirmLabel={t("unlinkConfirm")}
      call={() => ask("DELETE /admin/users/{id}/identity", { id })}
      onDone={() => toast({ tone: "ok", title: t("unlinked", { name, provider }) })}
    />
  )
}
