"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { Switch } from "#components/ui/forms/checkbox.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import type { MadeInvite } from "#lib/rooms/accounts/invites/invite.ts"

/** An invitation without an address is not mailed. */
const asksForMail = (fields: FormData) =>
  fields.has("mail") && formText(fields, "email") !== undefined

/** Creates an invitation. Shown where a setting allows members to invite. */
export function InviteSomeoneForm({
  mail,
  needsAddress,
}: {
  mail: boolean
  needsAddress: boolean
}) {
  const t = useTranslations("accounts.inviteSomeone")
  const { run, pending, refused } = useChange()
  const [made, setMade] = useState<MadeInvite | null>(null)
  const invite = (fields: FormData, form: HTMLFormElement) =>
    run(
      () =>
        ask("POST /invites", {
          body: { email: formText(fields, "email"), mail: asksForMail(fields) },
        }),
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
        {...(needsAddress ? { required: true } : { aside: t("optional"), hint: t("emailHint") })}
        name="email"
        type="email"
        autoComplete="off"
        maxLength={254}
        error={refused?.field && refused.message}
        className="w-full"
      />
      {mail ? (
        <Switch label={t("mail")} hint={t("mailHint")} name="mail" defaultChecked />
      ) : (
        <p className="text-sm text-soft">{t("noMail")}</p>
      )}
      <Button type="submit" variant="quiet" pending={pending}>
        {t(mail ? "submitMail" : "submit")}
      </Button>
      <div role="status" className="w-full empty:hidden">
        {made && (
          <>
            {made.mail && <p className="mb-3">{t("mailed", { email: made.email ?? "" })}</p>}
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
