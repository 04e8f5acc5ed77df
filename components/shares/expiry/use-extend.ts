"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useToastedChange } from "#components/calls/use-call.ts"
import { useReader } from "#components/time/local-time.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { ShareKind, ShareView } from "#lib/rooms/shares/share.ts"
import type { Extension } from "./extension.ts"
import { untilText } from "./until-text.ts"

type Ending = Pick<ShareView, "id" | "expiresAt">

/**
 * Returns a function that extends a share or a request, and reports that with a button to undo it.
 * `onExtended` is called when it is extended.
 */
export function useExtend(kind: ShareKind, onExtended?: () => void) {
  const t = useTranslations("member.extension")
  const toast = useToast()
  const reader = useReader()
  const { run, pending } = useToastedChange()

  const changeEnd = (id: string, expiresAt: string | null, onChanged: () => void) =>
    run<unknown>(() => ask(`PATCH /${kind}s/{id}`, { id, body: { expiresAt } }), onChanged)

  function extend({ id, expiresAt: before }: Ending, { expiresAt }: Extension, now: Date) {
    const undo = () => changeEnd(id, before, () => toast({ title: t("undone"), tone: "ok" }))
    changeEnd(id, expiresAt, () => {
      onExtended?.()
      toast({
        title: t("done", { until: untilText(new Date(expiresAt), now, reader) }),
        tone: "ok",
        timeout: 8_000,
        action: { label: t("undo"), onClick: undo },
      })
    })
  }
  return { extend, pending }
}

/** Returns a function that names an extension: "Extend 2 days". */
export function useExtensionText() {
  const t = useTranslations("member.extension")
  return ({ hours }: Extension) =>
    hours % 24 === 0 ? t("days", { count: hours / 24 }) : t("hours", { count: hours })
}
