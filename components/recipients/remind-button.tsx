"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useToastedChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { LinkView } from "#lib/rooms/shares/links/link.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"
import { nameOfRecipient } from "./recipient-name.ts"

type Of = { id: string; kind: ShareKind }

/** Returns a function that mails a link to its recipient again. */
export function useRemind({ id, kind }: Of) {
  const t = useTranslations("member.recipients")
  const toast = useToast()
  const { run, pending } = useToastedChange()
  const remind = (link: Pick<LinkView, "id" | "address">) =>
    run(
      () => ask(`POST /${kind}s/{id}/links/{linkId}/mail`, { id, linkId: link.id }),
      () => toast({ title: t("mailed", { address: link.address }), tone: "ok" }),
    )
  return { remind, pending }
}

type RemindButtonProps = { of: Of; link: Pick<LinkView, "id" | "name" | "address" | "mail"> }

/** Mails a link to its recipient again. */
export function RemindButton({ of, link }: RemindButtonProps) {
  const t = useTranslations("member.recipients")
  const { remind, pending } = useRemind(of)
  const words = t(link.mail ? "remind" : "mailIt")
  return (
    <Button
      variant="text"
      size="sm"
      pending={pending}
      aria-label={`${words}: ${nameOfRecipient(link)}`}
      className="-my-2 -ms-2 px-2!"
      onClick={() => remind(link)}
    >
      {words}
    </Button>
  )
}
