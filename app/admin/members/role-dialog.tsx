"use client"

import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { ROLE_KEYS } from "#components/role-keys.ts"
import { Radio } from "#components/ui/forms/checkbox.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { MemberView, Role } from "#lib/rooms/accounts/member.ts"

const ROLES = ["member", "auditor", "admin"] as const satisfies Role[]

type RoleDialogProps = {
  member: Pick<MemberView, "id" | "name" | "role">
  open: boolean
  onClose: () => void
}

/** Changes what a member may do. */
export function RoleDialog({ member: { id, name, role }, open, onClose }: RoleDialogProps) {
  const t = useTranslations("admin.members")
  const toast = useToast()
  const group = useId()
  const [chosen, setChosen] = useState(role)
  const [shown, setShown] = useState(open)
  if (shown !== open) {
    setShown(open)
    if (open) setChosen(role)
  }
  return (
    <ChangeDialog
      open={open}
      onClose={onClose}
      title={t("roleTitle", { name })}
      description={t("roleText")}
      confirmLabel={t("roleSave")}
      tone="primary"
      call={() => ask("PATCH /admin/users/{id}", { id, body: { role: chosen } }, { slow: true })}
      onDone={() => toast({ title: t("roleChanged", { name, role: chosen }), tone: "ok" })}
    >
      <fieldset className="flex flex-col gap-3">
        <legend className="sr-only">{t("columnRole")}</legend>
        {ROLES.map((one) => (
          <Radio
            key={one}
            name={group}
            label={t(ROLE_KEYS[one])}
            hint={t(`roleHint.${one}`)}
            checked={chosen === one}
            onChange={() => setChosen(one)}
          />
        ))}
      </fieldset>
    </ChangeDialog>
  )
}
