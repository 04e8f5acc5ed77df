"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { type AskedText, TextDialog } from "#components/calls/text-dialog.tsx"
import { Button } from "#components/ui/button.tsx"

/** Changes the name under which the member shares. */
export function ChangeName({ name }: { name: string }) {
  const t = useTranslations("accounts")
  const [asked, setAsked] = useState<AskedText | null>(null)
  const ofName = {
    name: "name",
    keepAs: "own-name",
    title: t("settings.nameChange"),
    label: t("name"),
    hint: t("nameHint"),
    value: name,
    required: true,
    maxLength: 80,
    confirmLabel: t("settings.nameSubmit"),
    save: (typed: string) => ask("PATCH /me", { body: { name: typed } }),
  }
  return (
    <>
      <Button variant="quiet" size="sm" onClick={() => setAsked(ofName)}>
        {t("settings.nameChange")}
      </Button>
      <TextDialog asked={asked} onClose={() => setAsked(null)} />
    </>
  )
}
