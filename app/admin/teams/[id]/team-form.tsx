"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import type { TeamView } from "#lib/rooms/accounts/teams/team.ts"
import { TEAM_FIELDS, TeamFields, teamOfForm } from "../team-fields.tsx"

/** Changes a team's name, address, space and group. */
export function TeamForm({ team, hasProvider }: { team: TeamView; hasProvider: boolean }) {
  const t = useTranslations("admin.teams")
  const { run, pending, done, refused, errorOf } = useChange()
  return (
    <form
      method="post"
      className="flex max-w-88 flex-col items-start gap-5 *:w-full"
      onSubmit={onSubmit((fields) =>
        run(() => ask("PATCH /admin/teams/{id}", { id: team.id, body: teamOfForm(fields) })),
      )}
    >
      <TeamFields team={team} hasProvider={hasProvider} errorOf={errorOf} />
      {refused && !TEAM_FIELDS.includes(refused.field ?? "") && (
        <ActionError>{refused.message}</ActionError>
      )}
      <Button type="submit" variant="quiet" pending={pending} className="w-fit!">
        {t("save")}
      </Button>
      <p role="status" className="text-sm text-ok empty:hidden">
        {done && t("saved")}
      </p>
    </form>
  )
}
