"use client"

import { Ban, KeyRound, LogOut, ScrollText, ShieldCheck, UserCheck } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { useToastedChange } from "#components/calls/use-call.ts"
import { MenuItem, MenuLink, MenuSeparator } from "#components/ui/overlays/menu.tsx"
import { RowMenu } from "#components/ui/overlays/row-menu.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { MemberView } from "#lib/rooms/accounts/member.ts"
import { DisableDialog } from "./disable-dialog.tsx"
import { ResetDialog } from "./reset-dialog.tsx"
import { RoleDialog } from "./role-dialog.tsx"

export function MemberMenu({
  member: { id, name, email, role, disabled },
  mail,
  passwords,
}: {
  member: Pick<MemberView, "id" | "name" | "email" | "role" | "disabled">
  /** Whether this installation can send mail. */
  mail: boolean
  /** Whether members have passwords. */
  passwords: boolean
}) {
  const t = useTranslations("admin.members")
  const toast = useToast()
  const { run } = useToastedChange()
  const [asking, setAsking] = useState<"disable" | "role" | "end_sessions" | "reset" | null>(null)

  const enable = () =>
    ask("PATCH /admin/users/{id}", { id, body: { disabled: false } }, { slow: true })
  const say = (title: string) => () => toast({ title, tone: "ok" })

  return (
    <>
      <RowMenu label={t("actions", { name })}>
        <MenuItem icon={ShieldCheck} onClick={() => setAsking("role")}>
          {t("changeRole")}
        </MenuItem>
        <MenuLink icon={ScrollText} href={`/admin/audit?targetId=${id}`}>
          {t("audit")}
        </MenuLink>
        {!disabled && passwords && (
          <MenuItem icon={KeyRound} onClick={() => setAsking("reset")}>
            {t("resetPassword")}
          </MenuItem>
        )}
        <MenuItem icon={LogOut} onClick={() => setAsking("end_sessions")}>
          {t("endSessions")}
        </MenuItem>
        <MenuSeparator />
        {disabled ? (
          <MenuItem icon={UserCheck} onClick={() => run(enable, say(t("enabled", { name })))}>
            {t("enable")}
          </MenuItem>
        ) : (
          <MenuItem tone="danger" icon={Ban} onClick={() => setAsking("disable")}>
            {t("disable")}
          </MenuItem>
        )}
      </RowMenu>
      <DisableDialog
        member={{ id, name, disabled }}
        open={asking === "disable"}
        onClose={() => setAsking(null)}
      />
      <ResetDialog
        member={{ id, name, email }}
        mail={mail}
        open={asking === "reset"}
        onClose={() => setAsking(null)}
      />
      <ChangeDialog
        open={asking === "end_sessions"}
        onClose={() => setAsking(null)}
        title={t("endSessionsTitle", { name })}
        description={t("endSessionsText", { name })}
        confirmLabel={t("endSessionsConfirm", { name })}
        call={() => ask("POST /admin/users/{id}/end-sessions", { id })}
        onDone={say(t("ended", { name }))}
      />
      <RoleDialog
        member={{ id, name, role }}
        open={asking === "role"}
        onClose={() => setAsking(null)}
      />
    </>
  )
}
