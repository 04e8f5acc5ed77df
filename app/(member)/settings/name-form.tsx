"use client"

import { useTranslations } from "next-intl"
import { api } from "#components/api.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { Notice } from "#components/ui/notice.tsx"

export function NameForm({ name }: { name: string }) {
  const t = useTranslations("accounts")
  const { run, pending, done, refused } = useChange()
  return (
    <form
      method="post"
      className="flex max-w-88 flex-col items-start gap-5"
      onSubmit={onSubmit((form) =>
        run(() => api.me.change({ name: formText(form, "name") ?? "" })),
      )}
    >
      {refused && !refused.field && <Notice tone="danger">{refused.message}</Notice>}
      <Field
        label={t("name")}
        hint={t("nameHint")}
        name="name"
        autoComplete="name"
        required
        maxLength={80}
        defaultValue={name}
        error={refused?.field && refused.message}
        className="w-full"
      />
      <Button type="submit" variant="quiet" pending={pending}>
        {t("settings.nameSubmit")}
      </Button>
      <p role="status" className="text-sm text-ok empty:hidden">
        {done && t("settings.nameSaved")}
      </p>
    </form>
  )
}
