import "server-only"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import { LAST_INSTANT, type ShareEdit } from "#lib/rooms/shares/share.ts"

const DAY_MS = 86_400_000
export const daysAfter = (time: Date, days: number) => new Date(time.getTime() + days * DAY_MS)

type Lives = Pick<Settings, "defaultShareDays" | "maxShareDays">

/** Returns when a share ends if its owner sets no end; null for never. */
export function defaultExpiry(startsAt: Date | null, now: Date, settings: Lives) {
  const { defaultShareDays, maxShareDays } = settings
  const opensAt = startsAt && startsAt > now ? startsAt : now
  const usual = defaultShareDays === null ? null : daysAfter(opensAt, defaultShareDays)
  const latest = maxShareDays === null ? null : daysAfter(now, maxShareDays)
  return usual && latest ? new Date(Math.min(usual.getTime(), latest.getTime())) : (usual ?? latest)
}

type GivenEnd = Partial<Pick<ShareEdit, "expiresAt" | "expiresIn">>

/** Returns the end that a call gives, in seconds from `now` or as a time. Refuses one after 2200. */
export function givenEnd({ expiresAt, expiresIn }: GivenEnd, now: Date) {
  if (expiresIn === undefined) return expiresAt
  const end = new Date(now.getTime() + expiresIn * 1000)
  // So far ahead that a Date cannot hold it, it is no time, which is neither before nor after one.
  if (!(end <= LAST_INSTANT)) throw refusal("invalid", "input_years", {}, { field: "expiresIn" })
  return end
}

type Times = { startsAt: Date | null; expiresAt: Date | null }

/** Refuses an end that is later than the settings allow or before the start. */
export function refuseBadTimes(
  { startsAt, expiresAt }: Times,
  now: Date,
  { maxShareDays: days }: Pick<Settings, "maxShareDays">,
) {
  if (days !== null && (!expiresAt || expiresAt > daysAfter(now, days))) {
    throw refusal("invalid", "share_days", { most: { days } }, { field: "expiresAt" })
  }
  if (startsAt && expiresAt && startsAt >= expiresAt) {
    throw refusal("invalid", "ends_too_early", {}, { field: "expiresAt" })
  }
}
