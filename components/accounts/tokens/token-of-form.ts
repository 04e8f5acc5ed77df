import { formText } from "#components/calls/on-submit.ts"
import type { BodyOf } from "#lib/api/ask-by.ts"
import type { Scope } from "#lib/rooms/accounts/tokens/token.ts"

/** The days after which a token can end; null for never, which a select sends as "". */
export const ENDS = [30, 90, 365, null] as const

const DAY_MS = 86_400_000
const GB = 1e9

/** Reads the form of a new token. Limits that are not set are left out. */
export function tokenOfForm(
  fields: FormData,
  offered: readonly Scope[],
  now: string,
): BodyOf<"POST /tokens"> {
  const days = Number(formText(fields, "days") ?? 0)
  const expiresAt = days > 0 ? new Date(Date.parse(now) + days * DAY_MS).toISOString() : null
  const gb = formText(fields, "maxDayGb")
  const shareDays = formText(fields, "maxShareDays")
  const caps = {
    ...(gb !== undefined && { maxDayBytes: Math.round(Number(gb) * GB) }),
    ...(shareDays !== undefined && { maxShareDays: Number(shareDays) }),
    ...(fields.has("passwordRequired") && { passwordRequired: true }),
    ...(fields.has("verifiedOnly") && { verifiedOnly: true }),
  }
  return {
    name: formText(fields, "name") ?? "",
    scopes: offered.filter((scope) => fields.has(scope)),
    expiresAt,
    ...(fields.has("service") && { service: true }),
    ...(Object.keys(caps).length > 0 && { caps }),
  }
}
