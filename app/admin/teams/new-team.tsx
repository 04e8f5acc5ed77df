"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { onSubmit } from "#components/calls/on-submit.ts"
import { useCall } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { TEAM_FIELDS, TeamFields, teamOfForm } from "./team-fields.tsx"

/** Makes a team, which its admin manages first, and opens its page. */
export function NewTeam({ hasProvider }: { hasProvider: boolean }) {
  const t = useTranslations("admin.teams")
  const id = useId()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const { run, pending, refused, errorOf, reset } = useCall()
  const make = (fields: FormData) =>
    run(
      () => ask("POST /admin/teams", { body: teamOfForm(fields) }),
      (team) => router.push(`/admin/teams/${team.id}`),
    )
  return (
    <>
      <Button size="sm" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {t("new")}
      </Button>
      <Dialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next)
          if (!next) reset()
        }}
        title={t("newTitle")}
        description={t("newText")}
        footer={
          <>
            <DialogClose />
            <Button type="submit" form={id} pending={pending}>
              {t("create")}
            </Button>
          </>
        }
      >
        <form id={id} method="post" className="flex flex-col gap-5" onSubmit={onSubmit(make)}>
          <TeamFields hasProvider={hasProvider} errorOf={errorOf} />
          {refused && !TEAM_FIELDS.includes(refused.field ?? "") && (
            <ActionError>{refused.message}</ActionError>
          )}
        </form>
      </Dialog>
    </>
  )
}
