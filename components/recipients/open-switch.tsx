"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useToastedChange } from "#components/calls/use-call.ts"
import { Switch } from "#components/ui/forms/checkbox.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { ShareKind, ShareView } from "#lib/rooms/shares/share.ts"

type OpenSwitchProps = { of: { id: string; kind: ShareKind } & Pick<ShareView, "openTo"> }

/** Revokes the link for anyone, or restores it with the same address. */
export function OpenSwitch({ of: { id, kind, openTo } }: OpenSwitchProps) {
  const t = useTranslations("member.recipients")
  const words = useTranslations("member.shares")
  const toast = useToast()
  const { run, pending } = useToastedChange()
  const isOn = openTo === "anyone"
  const at = { id, linkId: "open" }
  const cutOff = () =>
    run(
      () => ask(`POST /${kind}s/{id}/links/{linkId}/revoke`, { ...at, body: { cutOff: true } }),
      () => toast({ title: words("cutOffDone") }),
    )
  const turn = () =>
    run(
      () => ask(`POST /${kind}s/{id}/links/{linkId}/${isOn ? "revoke" : "restore"}`, at),
      ({ exposedUntil }) => {
        if (!isOn) return toast({ title: t("openAgain"), tone: "ok" })
        toast({
          title: t("closed"),
          ...(exposedUntil && {
            description: t("closedExposed"),
            timeout: 15_000,
            action: { label: words("menu.cutOff"), onClick: cutOff },
          }),
        })
      },
    )
  return (
    <Switch
      label={t("anyone")}
      className="text-sm text-soft sm:whitespace-nowrap"
      checked={isOn}
      disabled={pending}
      onChange={turn}
    />
  )
}

/** Says who opens a share while its link for anyone is off. */
export function OpenToText({ openTo }: Pick<ShareView, "openTo">) {
  const t = useTranslations("member.recipients.openTo")
  return openTo === "anyone" ? null : t(openTo)
}
