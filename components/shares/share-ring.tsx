import type { ShareView } from "#lib/shares/share.ts"
import { Ring, type RingState } from "../ui/ring.tsx"

type Times = Pick<ShareView, "status" | "startsAt" | "createdAt" | "expiresAt">

const STATES: Record<ShareView["status"], RingState> = {
  open: "open",
  scheduled: "scheduled",
  expired: "over",
  used_up: "over",
  revoked: "revoked",
}

/** The ring of a share's remaining time. */
export function ShareRing({ share, now, size }: { share: Times; now: string; size?: number }) {
  return (
    <Ring
      state={STATES[share.status]}
      fraction={timeLeft(share, new Date(now))}
      {...(size !== undefined && { size })}
    />
  )
}

/** From 0 to 1; always 1 for a share without an end. */
export function timeLeft({ startsAt, createdAt, expiresAt }: Times, now: Date): number {
  if (!expiresAt) return 1
  const from = new Date(startsAt ?? createdAt).getTime()
  const until = new Date(expiresAt).getTime()
  if (until <= from) return 0
  return Math.min(1, Math.max(0, (until - now.getTime()) / (until - from)))
}
