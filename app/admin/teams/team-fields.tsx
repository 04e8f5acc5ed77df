"use client"

import { useTranslations } from "next-intl"
import { formText } from "#components/calls/on-submit.ts"
import { Field } from "#components/ui/forms/field.tsx"
import type { BodyOf } from "#lib/api/ask-by.ts"
import type { TeamView } from "#lib/rooms/accounts/teams/team.ts"

const GB = 1e9

type Asked = BodyOf<"POST /admin/teams">

/** Reads the fields of a team; an empty space is the installation's default. */
export function teamOfForm(fields: FormData): Omit<Asked, "manager"> {
  const gb = formText(fields, "quotaGb")
  return {
    name: formText(fields, "name") ?? "",
    slug: formText(fields, "slug") ?? "",
    quotaBytes: gb === undefined ? null : Math.round(Number(gb) * GB),
    group: formText(fields, "group") ?? null,
  }
}

type TeamFieldsProps = {
  team?: Pick<TeamView, "name" | "slug" | "quotaBytes" | "group">
  /** Whether people sign in by a provider, whose groups a team can follow. */
  hasProvider: boolean
  errorOf: (field: string) => string | undefined
}

export const TEAM_FIELDS = ["name", "slug", "quotaBytes", "group"]

export function TeamFields({ team, hasProvider, errorOf }: TeamFieldsProps) {
  const t = useTranslations("admin.teams")
  return (
    <>
      <Field
        label={t("name")}
        name="name"
        required
        maxLength={80}
        autoComplete="off"
        defaultValue={team?.name}
        error={errorOf("name")}
      />
      <Field
        label={t("slug")}
        hint={t("slugHint")}
        name="slug"
        required
        maxLength={30}
        autoComplete="off"
        defaultValue={team?.slug}
        error={errorOf("slug")}
      />
      <Field
        label={t("quota")}
        hint={t("quotaHint")}
        name="quotaGb"
        type="number"
        min={0}
        step="any"
        defaultValue={team?.quotaBytes === null ? undefined : team && team.quotaBytes / GB}
        error={errorOf("quotaBytes")}
      />
      {(hasProvider || team?.group) && (
        <Field
          label={t("group")}
          hint={t("groupHint")}
          name="group"
          maxLength={200}
          autoComplete="off"
          defaultValue={team?.group ?? undefined}
          error={errorOf("group")}
        />
      )}
    </>
  )
}
