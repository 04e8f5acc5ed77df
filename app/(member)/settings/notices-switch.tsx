"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Switch } from "#components/ui/forms/checkbox.tsx"
import { Notice } from "#components/ui/notice.tsx"

type NoticesSwitchProps = {
  notices: boolean
  email: string
  /** Whether this installation can send mail. */
  mail: boolean
}

/** Turns the mails that the member gets on or off: for all own shares, or for the page's team. */
export function NoticesSwitch({ notices, email, mail }: NoticesSwitchProps) {
  const t = useTranslations("accounts.notices")
  const { run, pending, done, refused } = useChange()
  const [on, setOn] = useState(notices)

  function change(next: boolean) {
    setOn(next)
    run(
      () => ask("PATCH /me", { body: { notices: next } }),
      undefined,
      // The switch shows the stored value.
      () => setOn(!next),
    )
  }

  if (!mail) return <p className="text-soft">{t("noMail")}</p>
  return (
    <div className="flex max-w-140 flex-col items-start gap-3">
      {refused && <Notice tone="danger">{refused.message}</Notice>}
      <Switch
        label={t("switch", { email })}
        hint={t("hint")}
        checked={on}
        disabled={pending}
        onChange={(event) => change(event.currentTarget.checked)}
      />
      <p role="status" className="text-sm text-ok empty:hidden">
        {done && t(on ? "on" : "off")}
      </p>
    </div>
  )
}
