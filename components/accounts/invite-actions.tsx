"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useToastedChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { copyLater } from "#components/ui/forms/copy-text.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { InviteView } from "#lib/rooms/accounts/invites/invite.ts"

type InviteActionsProps = {
  invite: Pick<InviteView, "id" | "email">
  /** The name of the invitation for labels. */
  who: string
  /** The admin's call accepts any invitation, the member's only their own. */
  at: "POST /admin/users/invites/{id}" | "POST /invites/{id}"
  /** Whether this installation can send mail. */
  mail: boolean
}

/** Copies the link of an open invitation, and sends it again. */
export function InviteActions({ invite: { id, email }, who, at, mail }: InviteActionsProps) {
  const t = useTranslations("accounts.inviteSomeone")
  const toast = useToast()
  const { run, pending } = useToastedChange()
  /** The link, if the browser could not copy it. */
  const [shown, setShown] = useState<string | null>(null)

  function copy() {
    const url = Promise.withResolvers<string>()
    // Must run during the click.
    const copying = copyLater(url.promise)
    run(async () => {
      try {
        const made = await ask(at, { id, body: { mail: false } })
        url.resolve(made.url)
        if (await copying) toast({ title: t("copied"), tone: "ok" })
        else setShown(made.url)
      } catch (error) {
        url.reject(error)
        throw error
      }
    })
  }

  const sendAgain = () =>
    run(
      () => ask(at, { id, body: { mail: true } }),
      () => toast({ title: t("sentAgain", { email: email ?? "" }), tone: "ok" }),
    )

  if (shown !== null) return <CopyField label={t("link")} labelHidden value={shown} selected />
  return (
    <>
      <Button
        variant="text"
        size="sm"
        pending={pending}
        aria-label={`${t("copyLink")}: ${who}`}
        onClick={copy}
      >
        {t("copyLink")}
      </Button>
      {mail && email !== null && (
        <Button
          variant="text"
          size="sm"
          pending={pending}
          aria-label={`${t("sendAgain")}: ${who}`}
          onClick={sendAgain}
        >
          {t("sendAgain")}
        </Button>
      )}
    </>
  )
}
