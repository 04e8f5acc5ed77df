"use client"

import { api } from "#components/api.ts"
import { RevocationStatus } from "#components/shares/revocation-status.tsx"
import type { AdminShareView } from "#lib/shares/share.ts"

/** Who closed a member's share, and an admin's cut off of a revoked one. */
export function AdminRevocationStatus({ share, now }: { share: AdminShareView; now: string }) {
  const { id, status, owner } = share
  return (
    <RevocationStatus
      share={share}
      now={now}
      cutOff={status === "revoked" ? () => api.admin.shares.cutOff(id) : null}
      owner={owner.name}
    />
  )
}
