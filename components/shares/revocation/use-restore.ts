"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useToastedChange } from "#components/calls/use-call.ts"
import { blocksLinks } from "#components/cut-offs/cut-off-text.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"

/** Restores a share and reports the result; URLs from before a cut off stay invalid. */
export function useRestore() {
  const t = useTranslations("member.dialog")
  const toast = useToast()
  const { run } = useToastedChange()
  return ({ id, cutOff }: Pick<ShareView, "id" | "cutOff">) =>
    run(
      () => ask("POST /shares/{id}/restore", { id }),
      (restored) =>
        toast({
          title: t(`restored.${restored.status}`),
          tone: "ok",
          ...(blocksLinks(cutOff) && { description: t("restoredDead") }),
        }),
    )
}
