"use client"

import { ask } from "#components/calls/ask.ts"
import { RevocationStatus } from "#components/shares/revocation-status.tsx"
import type { AdminShareView } from "#lib/shares/share.ts"

/** Who revoked a member's share, with a button by which an admin cuts off its URLs. */
export function AdminRevocationStatus({ share, now }: { share: AdminShareView; now: string }) {
  const { id, status, owner } = share
  return (
    <RevocationStatus
      share={share}
      now={now}
      cutOff={status === "revoked" ? () => ask("POST /admin/shares/{id}/cut-off", { id }) : null}
      owner={owner.name}
    />
  )
}
