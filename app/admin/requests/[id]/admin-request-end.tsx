"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { Button } from "#components/ui/button.tsx"
import type { LegalHold } from "#lib/rooms/admin/legal-holds.ts"
import type { AdminRequestView } from "#lib/rooms/requests/request.ts"
import { EffectRow } from "../../effect-row.tsx"
import { LegalHoldPart } from "../../legal-hold.tsx"
import { RevokeRequest, useRestoreAsAdmin } from "../revoke-request.tsx"

type AdminRequestEndProps = { request: AdminRequestView; hold: LegalHold | null }

/** Buttons that revoke or restore a member's request, and for a legal hold. */
export function AdminRequestEnd({ request, hold }: AdminRequestEndProps) {
  const t = useTranslations("admin")
  const restore = useRestoreAsAdmin()
  const [open, setOpen] = useState(false)
  const revoked = request.status === "revoked"
  return (
    <section className="mt-10 flex flex-col gap-5 border-t border-line pt-5">
      {revoked && (
        <EffectRow text={t("requests.restoreText")}>
          <Button variant="quiet" onClick={() => restore(request.id)}>
            {t("shares.restore")}
          </Button>
        </EffectRow>
      )}
      {!request.revokedBy?.admin && (
        <EffectRow text={t(revoked ? "requests.takeOver" : "requests.openEnd")}>
          <Button variant="quiet" onClick={() => setOpen(true)}>
            {t("shares.revokeAsk")}
          </Button>
        </EffectRow>
      )}
      <LegalHoldPart of="share" id={request.id} name={request.title} hold={hold} />
      <RevokeRequest request={request} open={open} onClose={() => setOpen(false)} />
    </section>
  )
}
