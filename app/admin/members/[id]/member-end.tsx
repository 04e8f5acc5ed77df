"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import type { MemberView } from "#lib/accounts/member.ts"
import { useRevokedToast } from "../../shares/use-revoked-toast.ts"
import { DeleteDialog } from "./delete-dialog.tsx"
import { HandOverDialog } from "./hand-over-dialog.tsx"

type MemberEndProps = {
  member: Pick<MemberView, "id" | "name" | "disabled">
  openShares: number
}

/** Buttons that revoke a member's shares, transfer them, or delete the account. */
export function MemberEnd({ member, openShares }: MemberEndProps) {
  const t = useTranslations("admin.members")
  const showRevokedToast = useRevokedToast()
  const revoking = useChange()
  const [asking, setAsking] = useState<"revoke" | "transfer" | "delete" | null>(null)
  const { id, name } = member

  const revoke = () =>
    revoking.run(
      () => ask("POST /admin/shares/revoke", { body: { ownerId: id } }, { slow: true }),
      (result) => {
        setAsking(null)
        showRevokedToast(result)
      },
    )

  return (
    <div className="flex flex-wrap gap-3">
      <Button variant="quiet" disabled={openShares === 0} onClick={() => setAsking("revoke")}>
        {t("revokeAll")}
      </Button>
      <Button variant="quiet" onClick={() => setAsking("transfer")}>
        {t("handOver")}
      </Button>
      <Button variant="quiet" className="text-danger!" onClick={() => setAsking("delete")}>
        {t("delete")}
      </Button>
      <AlertDialog
        open={asking === "revoke"}
        onOpenChange={(open) => setAsking(open ? "revoke" : null)}
        title={t("revokeAllTitle", { name })}
        description={t("revokeAllText", { name })}
        confirmLabel={t("revokeAllConfirm")}
        onConfirm={revoke}
        pending={revoking.pending}
      >
        {revoking.refused && (
          <p role="alert" className="text-sm text-danger">
            {revoking.refused.message}
          </p>
        )}
      </AlertDialog>
      <HandOverDialog
        member={member}
        open={asking === "transfer"}
        onClose={() => setAsking(null)}
      />
      <DeleteDialog member={member} open={asking === "delete"} onClose={() => setAsking(null)} />
    </div>
  )
}
