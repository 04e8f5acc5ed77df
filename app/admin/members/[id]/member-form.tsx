"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { ask, type BodyOf } from "#components/calls/ask.ts"
import { onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Notice } from "#components/ui/notice.tsx"

type MemberFormProps = {
  id: string
  changeOf: (form: FormData) => BodyOf<"PATCH /admin/users/{id}">
  /** The fields, with the refusal of each. */
  children: (errorOf: (field: string) => string | undefined) => ReactNode
}

/** A form that changes a member, for an admin. */
export function MemberForm({ id, changeOf, children }: MemberFormProps) {
  const t = useTranslations("admin.members")
  const { run, pending, done, refused } = useChange()

  return (
    <form
      method="post"
      onSubmit={onSubmit((form) =>
        run(() => ask("PATCH /admin/users/{id}", { id, body: changeOf(form) }, { slow: true })),
      )}
      className="flex max-w-88 flex-col items-start gap-4"
    >
      {refused && !refused.field && <Notice tone="danger">{refused.message}</Notice>}
      {children((field) => (refused?.field === field ? refused.message : undefined))}
      <div className="flex items-center gap-4">
        <Button type="submit" variant="quiet" pending={pending}>
          {t("quotaSubmit")}
        </Button>
        <p role="status" className="text-sm text-ok empty:hidden">
          {done && t("quotaSaved")}
        </p>
      </div>
    </form>
  )
}
