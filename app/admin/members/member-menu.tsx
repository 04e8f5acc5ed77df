"use client"

import {
  Ban,
  Ellipsis,
  KeyRound,
  LogOut,
  ScrollText,
  ShieldCheck,
  ShieldOff,
  UserCheck,
} from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/overlays/menu.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { MemberView } from "#lib/accounts/member.ts"
import { DisableDialog } from "./disable-dialog.tsx"
import { ResetDialog } from "./reset-dialog.tsx"

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
  const changing = useChange()
  const ending = useChange()
  const [asking, setAsking] = useState<"disable" | "make_member" | "end_sessions" | "reset" | null>(
    null,
  )

  function done(title: string, tone: "ok" | "danger" = "ok") {
    setAsking(null)
    toast({ title, tone })
  }
  const refused = ({ message }: { message: string }) => done(message, "danger")
  const apply = (change: { disabled: false } | Pick<MemberView, "role">) =>
    changing.run(
      () => ask("PATCH /admin/users/{id}", { id, body: change }, { slow: true }),
      (changed) => done(t("done", { name: changed.name })),
      refused,
    )
  const signOut = () =>
    ending.run(
      () => ask("POST /admin/users/{id}/end-sessions", { id }),
      () => done(t("ended", { name })),
      refused,
    )

  return (
    <>
      <Menu
        trigger={
          <Button
            variant="text"
            size="sm"
            aria-label={t("actions", { name })}
            className="size-10 p-0 text-soft"
          >
            <Ellipsis aria-hidden size={18} />
          </Button>
        }
      >
        {role === "admin" ? (
          <MenuItem
            icon={<ShieldOff aria-hidden size={16} />}
            onClick={() => setAsking("make_member")}
          >
            {t("makeMember")}
          </MenuItem>
        ) : (
          <MenuItem
            icon={<ShieldCheck aria-hidden size={16} />}
            onClick={() => apply({ role: "admin" })}
          >
            {t("makeAdmin")}
          </MenuItem>
        )}
        <MenuLink icon={<ScrollText aria-hidden size={16} />} href={`/admin/audit?targetId=${id}`}>
          {t("audit")}
        </MenuLink>
        {!disabled && passwords && (
          <MenuItem icon={<KeyRound aria-hidden size={16} />} onClick={() => setAsking("reset")}>
            {t("resetPassword")}
          </MenuItem>
        )}
        <MenuItem icon={<LogOut aria-hidden size={16} />} onClick={() => setAsking("end_sessions")}>
          {t("endSessions")}
        </MenuItem>
        <MenuSeparator />
        {disabled ? (
          <MenuItem
            icon={<UserCheck aria-hidden size={16} />}
            onClick={() => apply({ disabled: false })}
          >
            {t("enable")}
          </MenuItem>
        ) : (
          <MenuItem
            tone="danger"
            icon={<Ban aria-hidden size={16} />}
            onClick={() => setAsking("disable")}
          >
            {t("disable")}
          </MenuItem>
        )}
      </Menu>
      <DisableDialog
        member={{ id, name }}
        open={asking === "disable"}
        onClose={() => setAsking(null)}
      />
      <ResetDialog
        member={{ id, name, email }}
        mail={mail}
        open={asking === "reset"}
        onClose={() => setAsking(null)}
      />
      <AlertDialog
        open={asking === "end_sessions"}
        onOpenChange={(open) => setAsking(open ? "end_sessions" : null)}
        title={t("endSessionsTitle", { name })}
        description={t("endSessionsText", { name })}
        confirmLabel={t("endSessionsConfirm", { name })}
        onConfirm={signOut}
        pending={ending.pending}
      />
      <AlertDialog
        open={asking === "make_member"}
        onOpenChange={(open) => setAsking(open ? "make_member" : null)}
        title={t("makeMemberTitle", { name })}
        description={t("makeMemberText", { name })}
        confirmLabel={t("makeMemberConfirm")}
        onConfirm={() => apply({ role: "member" })}
        pending={changing.pending}
      />
    </>
  )
}
