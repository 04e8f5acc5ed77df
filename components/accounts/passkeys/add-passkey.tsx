"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { makePasskey } from "./ask-passkey.ts"

type AddPasskeyProps = {
  /** The host that the passkey will work for. */
  host: string
  /** A name for a passkey of this browser. */
  suggestedName: string
  onAdded: () => void
}

/** Names a passkey, makes it in the browser and adds it to the account. */
export function AddPasskey({ host, suggestedName, onAdded }: AddPasskeyProps) {
  const t = useTranslations("accounts.passkeys")
  const { run, pending, refused, errorOf } = useChange()
  const [note, setNote] = useState<"cancelled" | "exists" | "unsupported" | null>(null)

  function add(fields: FormData) {
    setNote(null)
    run(async () => {
      const options = await ask("POST /me/passkeys/options", {})
      const credential = await makePasskey(options).catch(() => "unsupported" as const)
      if (credential === null) return setNote("cancelled")
      if (typeof credential === "string") return setNote(credential)
      await ask("POST /me/passkeys", { body: { name: formText(fields, "name") ?? "", credential } })
      onAdded()
    })
  }

  return (
    <form method="post" className="flex w-full flex-col items-start gap-4" onSubmit={onSubmit(add)}>
      <Field
        label={t("name")}
        hint={t("nameHint")}
        name="name"
        required
        maxLength={60}
        defaultValue={suggestedName}
        error={errorOf("name")}
        className="w-full max-w-100"
      />
      <p className="text-sm text-soft">{t("hostNote", { host })}</p>
      {refused && refused.field !== "name" && <ActionError>{refused.message}</ActionError>}
      {note && <ActionError>{t(note)}</ActionError>}
      <Button type="submit" pending={pending}>
        {t("create")}
      </Button>
    </form>
  )
}
