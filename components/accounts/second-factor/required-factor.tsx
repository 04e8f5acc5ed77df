"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { AddPasskey } from "#components/accounts/passkeys/add-passkey.tsx"
import { Button } from "#components/ui/button.tsx"
import { SetUpApp } from "./set-up-app.tsx"

type RequiredFactorProps = {
  /** The host that passkeys work for; null where there are none. */
  host: string | null
  suggestedName: string
  /** The path to open afterwards. */
  next: string
}

/** Lets a member choose and set up a second factor, then continues. */
export function RequiredFactor({ host, suggestedName, next }: RequiredFactorProps) {
  const t = useTranslations("accounts.requiredFactor")
  const [chosen, setChosen] = useState<"app" | "passkey" | null>(host === null ? "app" : null)
  const goOn = () => location.assign(next)

  if (chosen === null) {
    return (
      <div className="flex flex-col gap-3">
        <Choice title={t("app")} text={t("appText")} onChoose={() => setChosen("app")} />
        <Choice
          title={t("passkey")}
          text={t("passkeyText")}
          onChoose={() => setChosen("passkey")}
        />
      </div>
    )
  }
  return (
    <div className="flex flex-col items-start gap-6">
      {chosen === "passkey" && host !== null ? (
        <AddPasskey host={host} suggestedName={suggestedName} onAdded={goOn} />
      ) : (
        <SetUpApp onDone={goOn} doneLabel={t("goOn")} />
      )}
      {host !== null && (
        <Button variant="text" size="sm" className="-ms-3" onClick={() => setChosen(null)}>
          {t("other")}
        </Button>
      )}
    </div>
  )
}

type ChoiceProps = { title: string; text: string; onChoose: () => void }

function Choice({ title, text, onChoose }: ChoiceProps) {
  return (
    <button
      type="button"
      onClick={onChoose}
      className="rounded-[10px] px-4 py-3.5 text-start inset-ring inset-ring-edge hover:bg-selected"
    >
      <span className="block font-medium">{title}</span>
      <span className="mt-0.5 block text-sm text-soft">{text}</span>
    </button>
  )
}
