"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { ConfirmedButton } from "#components/calls/confirmed-button.tsx"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange, useToastedChange } from "#components/calls/use-call.ts"
import { Badge } from "#components/ui/badge.tsx"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import type { TeamPerson } from "#lib/rooms/accounts/teams/team.ts"

type Team = { id: string; name: string }
type TeamPeopleProps = {
  team: Team
  people: readonly TeamPerson[]
  /** Whether the reader adds and removes people. */
  canManage: boolean
  /** The reader's id: everyone may leave. */
  me: string
}

/** The people of a team, with controls for those who manage it. */
export function TeamPeople({ team, people, canManage, me }: TeamPeopleProps) {
  return (
    <div className="flex w-full max-w-204 flex-col gap-6">
      <ul className="border-b border-line">
        {people.map((person) => (
          <PersonRow
            key={person.id}
            team={team}
            person={person}
            canManage={canManage}
            isMe={person.id === me}
          />
        ))}
      </ul>
      {canManage && <AddPerson team={team} />}
    </div>
  )
}

type PersonRowProps = { team: Team; person: TeamPerson; canManage: boolean; isMe: boolean }

function PersonRow({ team, person, canManage, isMe }: PersonRowProps) {
  const t = useTranslations("accounts.teams")
  const { run, pending } = useToastedChange()
  const { id: memberId, name, email, manager, byGroup, disabled } = person
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t border-line py-2.5">
      <div className="min-w-0 wrap-anywhere">
        <p className="flex flex-wrap items-center gap-x-2.5 font-medium">
          <bdi>{name}</bdi>
          {manager && <Badge>{t("manager")}</Badge>}
          {byGroup && <Badge>{t("byGroup")}</Badge>}
          {disabled && <Badge tone="danger">{t("disabled")}</Badge>}
        </p>
        <p className="text-sm text-soft">{email}</p>
      </div>
      <div className="-mx-3.25 flex flex-wrap">
        {canManage && (
          <Button
            variant="text"
            size="sm"
            pending={pending}
            aria-label={t(manager ? "demoteOf" : "promoteOf", { name })}
            onClick={() =>
              run(() =>
                ask("POST /teams/{id}/members", {
                  id: team.id,
                  body: { memberId, manager: !manager },
                }),
              )
            }
          >
            {t(manager ? "demote" : "promote")}
          </Button>
        )}
        {(canManage || isMe) && (
          <ConfirmedButton
            button={{
              variant: "text",
              size: "sm",
              "aria-label": isMe ? t("leave") : t("removeOf", { name }),
              children: t(isMe ? "leave" : "remove"),
            }}
            title={isMe ? t("leaveTitle", { team: team.name }) : t("removeTitle", { name })}
            description={t(isMe ? "leaveText" : "removeText", { team: team.name })}
            confirmLabel={t(isMe ? "leave" : "remove")}
            call={() => ask("DELETE /teams/{id}/members/{memberId}", { id: team.id, memberId })}
          />
        )}
      </div>
    </li>
  )
}

function AddPerson({ team: { id } }: { team: Team }) {
  const t = useTranslations("accounts.teams")
  const { run, pending, refused, errorOf } = useChange()
  const add = (fields: FormData, form: HTMLFormElement) =>
    run(
      () =>
        ask("POST /teams/{id}/members", { id, body: { email: formText(fields, "email") ?? "" } }),
      () => form.reset(),
    )
  return (
    <form
      method="post"
      className="flex max-w-120 flex-wrap items-end gap-3"
      onSubmit={onSubmit(add)}
    >
      <Field
        label={t("add")}
        name="email"
        type="email"
        required
        autoComplete="off"
        maxLength={254}
        error={errorOf("email")}
        className="min-w-0 grow"
      />
      <Button type="submit" variant="quiet" pending={pending}>
        {t("addNow")}
      </Button>
      {refused && refused.field !== "email" && <ActionError>{refused.message}</ActionError>}
    </form>
  )
}
