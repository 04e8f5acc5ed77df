import "server-only"
import { Refusal } from "#lib/errors.ts"
import { settings } from "#lib/settings.ts"
import { DEFAULT_SHARE_DAYS } from "./share.ts"

const DAY_MS = 86_400_000
const daysAfter = (time: Date, days: number) => new Date(time.getTime() + days * DAY_MS)

/** When a share ends if its owner set no end. */
export function defaultExpiry(startsAt: Date | null, now: Date) {
  const opensAt = startsAt && startsAt > now ? startsAt : now
  const usual = daysAfter(opensAt, DEFAULT_SHARE_DAYS)
  if (settings.MAX_SHARE_DAYS === undefined) return usual
  return new Date(Math.min(usual.getTime(), daysAfter(now, settings.MAX_SHARE_DAYS).getTime()))
}

type Times = { startsAt: Date | null; expiresAt: Date | null }

/** Refuses an end that is later than MAX_SHARE_DAYS allows or before the start. */
export function refuseBadTimes({ startsAt, expiresAt }: Times, now: Date) {
  const days = settings.MAX_SHARE_DAYS
  if (days !== undefined && (!expiresAt || expiresAt > daysAfter(now, days))) {
    const most = days === 1 ? "one day" : `${days} days`
    throw new Refusal("invalid", `A share may stay open for ${most} here: choose an earlier end.`, {
      field: "expiresAt",
    })
  }
  if (startsAt && expiresAt && startsAt >= expiresAt) {
    throw new Refusal("invalid", "The share would end before it starts: choose a later end.", {
      field: "expiresAt",
    })
  }
}
