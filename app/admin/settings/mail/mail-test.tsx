"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Notice } from "#components/ui/notice.tsx"
import type { MailView } from "#lib/rooms/mail/mail.ts"

/** Sends a test to the admin, and shows the mail server's own words. */
export function MailTest({ email }: { email: string }) {
  const t = useTranslations("settings.mail")
  const { run, pending, refused } = useChange()
  const [tested, setTested] = useState<MailView | null>(null)
  return (
    <div className="flex max-w-160 flex-col items-start gap-4">
      <Button
        variant="quiet"
        pending={pending}
        onClick={() => {
          setTested(null)
          run(() => ask("POST /admin/mail/test", {}, { slow: true }), setTested)
        }}
      >
        {t("test", { email })}
      </Button>
      <div role="status" className="wrap-anywhere empty:hidden">
        {tested?.state === "sent" && (
          <>
            <p className="text-ok">{t("accepted", { answer: tested.answer ?? "" })}</p>
            <p className="mt-1 text-sm text-soft">{t("acceptedHint", { email })}</p>
          </>
        )}
      </div>
      {tested?.state === "failed" && (
        <Notice tone="danger">{t("refused", { answer: tested.answer ?? "" })}</Notice>
      )}
      {refused && <Notice tone="danger">{refused.message}</Notice>}
    </div>
  )
}
