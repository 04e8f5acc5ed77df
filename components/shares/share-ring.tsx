import { Ring, type RingState } from "#components/ui/ring/ring.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { ringFraction } from "../ring-fraction.ts"

type Times = Pick<ShareView, "status" | "expiresAt">

const STATES: Record<ShareView["status"], RingState> = {
  open: "open",
  scheduled: "scheduled",
  expired: "over",
  used_up: "over",
  revoked: "revoked",
}

/** A ring that shows a share's remaining time. */
export function ShareRing({ share, now, size }: { share: Times; now: string; size?: number }) {
  return (
    <Ring
      state={share.status === "open" && !share.expiresAt ? "endless" : STATES[share.status]}
      fraction={timeLeft(share, new Date(now))}
      {...(size !== undefined && { size })}
    />
  )
}

/** Returns the filled fraction, 0 to 1; for a share that never expires, 1. */
export function timeLeft({ expiresAt }: Pick<Times, "expiresAt">, now: Date): number {
  return expiresAt ? ringFraction(new Date(expiresAt).getTime() - now.getTime()) : 1
}
