"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { Button } from "#components/ui/button.tsx"
import type { AdminRequestView } from "#lib/rooms/requests/request.ts"
import { End } from "../../shares/[id]/admin-share-end.tsx"
import { RevokeRequest, useRestoreAsAdmin } from "../revoke-request.tsx"

/** Buttons that revoke or restore a member's request. */
export function AdminRequestEnd({ request }: { request: AdminRequestView }) {
  const t = useTranslations("admin")
  const restore = useRestoreAsAdmin()
  const [open, setOpen] = useState(false)
  const revoked = request.status === "revoked"
  return (
    <section className="mt-10 flex flex-col gap-5 border-t border-line pt-5">
      {revoked && (
        <End text={t("requests.restoreText")}>
          <Button variant="quiet" onClick={() => restore(request.id)}>
            {t("shares.restore")}
          </Button>
        </End>
      )}
      {!request.revokedBy?.admin && (
        <End text={t(revoked ? "requests.takeOver" : "requests.openEnd")}>
          <Button variant="quiet" onClick={() => setOpen(true)}>
            {t("shares.revokeAsk")}
          </Button>
        </End>
      )}
      <RevokeRequest request={request} open={open} onClose={() => setOpen(false)} />
    </section>
  )
}
