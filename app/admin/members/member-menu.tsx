"use client"

import { Ban, Ellipsis, LogOut, ScrollText, ShieldCheck, ShieldOff, UserCheck } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState, useTransition } from "react"
import { AlertDialog } from "#components/ui/alert-dialog.tsx"
import { Button } from "#components/ui/button.tsx"
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx"
import { useToast } from "#components/ui/toast.tsx"
import type { MemberView } from "#lib/accounts/member.ts"
import { changeMember, endSessions } from "./actions.ts"

type Change = "disable" | "enable" | "make_admin" | "make_member"

export function MemberMenu({
  member: { id, name, role, disabled },
}: {
  member: Pick<MemberView, "id" | "name" | "role" | "disabled">
}) {
  const t = useTranslations("admin.members")
  const toast = useToast()
  const [pending, startTransition] = useTransition()
  const [asking, setAsking] = useState<"disable" | "make_member" | "end_sessions" | null>(null)

  function apply(change: Change) {
    startTransition(async () => {
      const form = new FormData()
      form.set("id", id)
      form.set("change", change)
      const state = await changeMember(null, form)
      setAsking(null)
      if (state.ok) toast({ title: t("done", { name: state.result.name }), tone: "ok" })
      else toast({ title: state.message, tone: "danger" })
    })
  }

  function signOutEverywhere() {
    startTransition(async () => {
      const form = new FormData()
      form.set("id", id)
      const state = await endSessions(null, form)
      setAsking(null)
      if (state.ok) toast({ title: t("ended", { name: state.result.name }), tone: "ok" })
      else toast({ title: state.message, tone: "danger" })
    })
  }

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
            onClick={() => apply("make_admin")}
          >
            {t("makeAdmin")}
          </MenuItem>
        )}
        <MenuLink icon={<ScrollText aria-hidden size={16} />} href={`/admin/audit?targetId=${id}`}>
          {t("audit")}
        </MenuLink>
        <MenuItem icon={<LogOut aria-hidden size={16} />} onClick={() => setAsking("end_sessions")}>
          {t("endSessions")}
        </MenuItem>
        <MenuSeparator />
        {disabled ? (
          <MenuItem icon={<UserCheck aria-hidden size={16} />} onClick={() => apply("enable")}>
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
      <AlertDialog
        open={asking === "disable"}
        onOpenChange={(open) => setAsking(open ? "disable" : null)}
        title={t("disableTitle", { name })}
        description={t("disableText", { name })}
        confirmLabel={t("disableConfirm", { name })}
        onConfirm={() => apply("disable")}
        pending={pending}
      />
      <AlertDialog
        open={asking === "end_sessions"}
        onOpenChange={(open) => setAsking(open ? "end_sessions" : null)}
        title={t("endSessionsTitle", { name })}
        description={t("endSessionsText", { name })}
        confirmLabel={t("endSessionsConfirm", { name })}
        onConfirm={signOutEverywhere}
        pending={pending}
      />
      <AlertDialog
        open={asking === "make_member"}
        onOpenChange={(open) => setAsking(open ? "make_member" : null)}
        title={t("makeMemberTitle", { name })}
        description={t("makeMemberText", { name })}
        confirmLabel={t("makeMemberConfirm")}
        onConfirm={() => apply("make_member")}
        pending={pending}
      />
    </>
  )
}
