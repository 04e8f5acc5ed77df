"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { api } from "#components/api.ts"
import { useChange } from "#components/calls/use-call.ts"
import { formatTime } from "#components/time/format-time.ts"
import { useReader } from "#components/time/local-time.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { RevokeSharesResult } from "#lib/shares/share.ts"

const UNDO_MS = 8_000
const FOLLOW_MS = 15_000

/**
 * Says how many shares were revoked and what became of addresses handed out before. A plain revoke
 * is undone from there, a cut off leads to its page.
 */
export function useSayRevoked() {
  const t = useTranslations("admin.shares")
  const toast = useToast()
  const router = useRouter()
  const reader = useReader()
  const { run } = useChange()

  const undo = (ids: string[]) =>
    run(
      () => api.admin.shares.restoreMany(ids),
      ({ count }) => toast({ title: t("restoredCount", { count }), tone: "ok" }),
      ({ message }) => toast({ title: message, tone: "danger" }),
    )

  return ({ count, exposedUntil, id }: RevokeSharesResult, openIds: string[]) =>
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
