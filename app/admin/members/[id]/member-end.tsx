"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { Button } from "#components/ui/button.tsx"
import type { MemberView } from "#lib/rooms/accounts/member.ts"
import { useRevokedToast } from "../../shares/use-revoked-toast.ts"
import { DisableDialog } from "../disable-dialog.tsx"
import { type Counts, DeleteDialog } from "./delete-dialog.tsx"

type MemberEndProps = {
  member: Pick<MemberView, "id" | "name" | "disabled" | "usedBytes">
  counts: Counts
}

/** Buttons that revoke a member's shares, transfer them, or delete the account. */
export function MemberEnd({ member, counts }: MemberEndProps) {
  const t = useTranslations("admin.members")
  const showRevokedToast = useRevokedToast()
  const [asking, setAsking] = useState<"revoke" | "transfer" | "delete" | null>(null)
  const { id, name } = member

  return (
    <div className="flex flex-wrap gap-3">
      <Button
        variant="quiet"
        disabled={counts.openShares + counts.openRequests === 0}
        onClick={() => setAsking("revoke")}
      >
        {t("revokeAll")}
      </Button>
      <Button variant="quiet" onClick={() => setAsking("transfer")}>
        {t("handOver")}
      </Button>
      <Button variant="quiet" className="text-danger!" onClick={() => setAsking("delete")}>
        {t("delete")}
      </Button>
      <ChangeDialog
        open={asking === "revoke"}
        onClose={() => setAsking(null)}
        title={t("revokeAllTitle", { name })}
        description={t("revokeAllText", { name })}
        confirmLabel={t("revokeAllConfirm")}
        call={() => ask("POST /admin/shares/revoke", { body: { ownerId: id } }, { slow: true })}
        onDone={(result) => showRevokedToast(result)}
      />
      <DisableDialog
        member={member}
        handsOver
        open={asking === "transfer"}
        onClose={() => setAsking(null)}
      />
      <DeleteDialog
        member={member}
        counts={counts}
        open={asking === "delete"}
        onClose={() => setAsking(null)}
      />
    </div>
  )
}
