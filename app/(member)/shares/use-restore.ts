"use client"

import { useTranslations } from "next-intl"
import { useToast } from "#components/ui/toast.tsx"
import { useAct } from "#components/use-act.ts"
import type { ShareView } from "#lib/shares/share.ts"
import { restoreShareAction } from "./actions.ts"

/** Restores a share and says how that ended; old addresses stay dead after a cut off. */
export function useRestore() {
  const t = useTranslations("member.dialog")
  const toast = useToast()
  const { act } = useAct(restoreShareAction)
  return ({ id, cutOff }: Pick<ShareView, "id" | "cutOff">) =>
    act(
      { id },
      (restored) =>
        toast({
          title: t(`restored.${restored.status}`),
          tone: "ok",
          ...(cutOff && { description: t("restoredDead") }),
        }),
      ({ message }) => toast({ title: message, tone: "danger" }),
    )
}
