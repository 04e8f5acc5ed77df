"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useToastedChange } from "#components/calls/use-call.ts"
import { formatTime } from "#components/time/format-time.ts"
import { useReader } from "#components/time/local-time.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { RevokeSharesResult } from "#lib/rooms/shares/share.ts"

const UNDO_MS = 8_000
const FOLLOW_MS = 15_000

/**
 * Returns a function that reports in a toast how many shares were revoked and how long earlier URLs
 * still work. The toast undoes a revocation, or links to the page of its cut off. A running
 * revocation is shown on its page instead.
 */
export function useRevokedToast() {
  const t = useTranslations("admin.shares")
  const toast = useToast()
  const router = useRouter()
  const reader = useReader()
  const { run } = useToastedChange()

  const undo = (ids: string[]) =>
    run(
      () => ask("POST /admin/shares/restore", { body: { ids } }, { slow: true }),
      ({ count }) => toast({ title: t("restoredCount", { count }), tone: "ok" }),
    )

  return ({ state, count, exposedUntil, id }: RevokeSharesResult, openIds: string[] = []) => {
    if (state === "running") return router.push(`/admin/panic/${id}`)
    toast({
      title: t("revoked", { count }),
      description: exposedUntil
        ? t("exposed", { until: formatTime(new Date(exposedUntil), "clock", reader, null) })
        : t("noExposure"),
      ...(id
        ? {
            timeout: FOLLOW_MS,
            action: { label: t("followCutOff"), onClick: () => router.push(`/admin/panic/${id}`) },
          }
        : {
            timeout: UNDO_MS,
            ...(openIds.length > 0 && {
              action: { label: t("undo"), onClick: () => undo(openIds) },
            }),
          }),
    })
  }
}
