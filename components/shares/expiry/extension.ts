import type { ShareView } from "#lib/rooms/shares/share.ts"

const HOUR_MS = 3_600_000
const DAY_HOURS = 24
/** A share that expires within this time expires soon. */
const SOON_MS = 48 * HOUR_MS
/** The periods that are offered besides whole hours, the longest first. */
const PERIODS = [2 * DAY_HOURS, DAY_HOURS]

export type Extension = { hours: number; expiresAt: string }

type Ending = Pick<ShareView, "status" | "expiresAt">

/**
 * The period by which one press extends a share that expires soon: two days, or as much as the
 * maximum duration of shares allows. Null for other shares, and where not even an hour is allowed.
 */
export function extensionOf(
  { status, expiresAt }: Ending,
  now: Date,
  maxShareDays: number | null,
): Extension | null {
  if (status !== "open" || expiresAt === null) return null
  const end = Date.parse(expiresAt)
  const leftMs = end - now.getTime()
  if (leftMs <= 0 || leftMs > SOON_MS) return null
  const most = maxShareDays === null ? Infinity : maxShareDays * DAY_HOURS - leftMs / HOUR_MS
  const hours = PERIODS.find((period) => period <= most) ?? Math.floor(most)
  if (hours < 1) return null
  return { hours, expiresAt: new Date(end + hours * HOUR_MS).toISOString() }
}
