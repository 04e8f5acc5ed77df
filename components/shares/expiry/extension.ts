import type { ShareView } from "#lib/rooms/shares/share.ts"

const HOUR_MS = 3_600_000
const DAY_HOURS = 24
/** A share that expires within this time expires soon. */
const SOON_MS = 48 * HOUR_MS
const WEEK_HOURS = 7 * DAY_HOURS
/** The periods that are offered besides whole hours, the longest first. */
const PERIODS = [WEEK_HOURS, 2 * DAY_HOURS, DAY_HOURS]

export type Extension = { hours: number; expiresAt: string }

type Ending = Pick<ShareView, "status" | "expiresAt">

/** Whether an open share expires soon. */
export const isSoon = ({ status, expiresAt }: Ending, now: Date) =>
  status === "open" && expiresAt !== null && Date.parse(expiresAt) - now.getTime() <= SOON_MS

/**
 * The period by which one press extends an open share: two days if it expires soon, otherwise a
 * week, or as much as the maximum duration of shares allows. Null for a share that is not open or
 * has no end, and where not even an hour is allowed.
 */
export function extensionOf(
  share: Ending,
  now: Date,
  maxShareDays: number | null,
): Extension | null {
  const { status, expiresAt } = share
  if (status !== "open" || expiresAt === null) return null
  const end = Date.parse(expiresAt)
  const leftMs = end - now.getTime()
  if (leftMs <= 0) return null
  const allowed = maxShareDays === null ? Infinity : maxShareDays * DAY_HOURS - leftMs / HOUR_MS
  const most = isSoon(share, now) ? Math.min(allowed, 2 * DAY_HOURS) : allowed
  const hours = PERIODS.find((period) => period <= most) ?? Math.floor(most)
  if (hours < 1) return null
  return { hours, expiresAt: new Date(end + hours * HOUR_MS).toISOString() }
}
