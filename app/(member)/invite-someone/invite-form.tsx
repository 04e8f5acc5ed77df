"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { api } from "#components/api.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useCall } from "#components/calls/use-call.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import type { MadeInvite } from "#lib/accounts/invites/invite-member.ts"

/** Creates an invitation. Shown where a setting allows members to invite. */
export function InviteForm() {
  const t = useTranslations("accounts.inviteSomeone")
  const { run, pending, refused } = useCall()
  const [made, setMade] = useState<MadeInvite | null>(null)
  const invite = (fields: FormData, form: HTMLFormElement) =>
    run(
      () => api.me.invite({ email: formText(fields, "email") }),
      (invite) => {
        setMade(invite)
        form.reset()
      },
    )
  return (
    <form
      method="post"
      className="flex max-w-88 flex-col items-start gap-5"
      onSubmit={onSubmit(invite)}
    >
      {refused && !refused.field && <Notice tone="danger">{refused.message}</Notice>}
      <Field
        label={t("email")}
        aside={t("optional")}
        hint={t("emailHint")}
        name="email"
        type="email"
        autoComplete="off"
        maxLength={254}
        error={refused?.field && refused.message}
        className="w-full"
      />
      <Button type="submit" variant="quiet" pending={pending}>
        {t("submit")}
      </Button>
      <div role="status" className="w-full empty:hidden">
        {made && (
          <>
            <CopyField label={t("link")} value={made.url} />
            <p className="mt-2 text-sm text-soft">
              {t.rich("until", { until: () => <LocalTime at={made.expiresAt} /> })}
            </p>
          </>
        )}
      </div>
    </form>
  )
}
