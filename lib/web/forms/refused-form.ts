import "server-only"
import { getLocale } from "next-intl/server"
import { providerName } from "#lib/adapters/configuration.ts"
import { type SentenceKey, say } from "#lib/adapters/text/sentences.ts"
import { emailProblem } from "#lib/rooms/accounts/member.ts"
import { sayStatus } from "#lib/web/document-status.ts"
import { takeTyped } from "./typed-cookie.ts"

/** The reason why a form was refused, for its page. */
export type RefusedForm = {
  /** Null if the waiting time has passed. */
  message: string | null
  /** The field that is wrong. */
  field: string | null
  /** The typed values, to fill in the form again. */
  typed: Record<string, string>
}

type Query = Partial<Record<"error" | "field" | "until", string | string[] | undefined>>

/** The sentences that a form's address may name. */
const NAMED: readonly SentenceKey[] = [
  "credentials",
  "account_disabled",
  "code_required",
  "wrong_code",
  "code_too_late",
  "passkey_required",
  "passkey",
  "stale_form",
  "account_exists",
  "invitation_address",
  "attempts",
  "sign_ins",
  "disk_attempt",
  "storage",
  "database",
  "busy",
  "disk",
  "password_off",
  "provider_cancelled",
  "provider_away",
  "provider_setup",
  "provider_failed",
  "provider_no_email",
  "provider_unverified",
  "provider_unsaid",
  "provider_not_allowed",
  "provider_groups",
  "provider_disabled",
  "provider_taken",
  "provider_no_time",
  "provider_not_confirmed",
]

/** The sentence of a refusal if a form's address may name it; others are named by their code. */
export const namedSentence = (key: string | undefined) => NAMED.find((name) => name === key)

/** The sentence about a wrong value of each field. */
const OF_FIELD: ReadonlyMap<string, SentenceKey> = new Map([
  ["name", "member_name"],
  ["email", "member_email"],
  ["password", "member_password"],
  ["code", "wrong_code"],
])

/** The sentences about too many attempts; the others with a waiting time are outages. */
const TOO_MANY = ["attempts", "sign_ins"]

/** The longest waiting time. */
const MAX_SECONDS = 3600

/**
 * Reads from the address of a form's page why the form was refused (lib/web/forms/form-route.ts),
 * and sets the document's status if the reader has to wait. `unknown` is the sentence for any other
 * error.
 */
export async function readRefusedForm(
  path: string,
  { error, field, until }: Query,
  unknown?: string,
): Promise<RefusedForm | null> {
  if (typeof error !== "string") return null
  const seconds = typeof until === "string" ? secondsUntil(until) : null
  if (seconds !== null && seconds > 0) sayStatus(TOO_MANY.includes(error) ? 429 : 503, seconds)
  const wrong = typeof field === "string" && OF_FIELD.has(field) ? field : null
  const typed = await takeTyped(path)
  const problem = wrong === "email" ? emailProblem(typed.email ?? "") : null
  const key = namedSentence(error) ?? problem?.key ?? OF_FIELD.get(wrong ?? "")
  const values = {
    when: { inSeconds: seconds ?? 0 },
    provider: providerName() ?? "",
    ...problem?.values,
  }
  const locale = await getLocale()
  const message = key ? say(key, values, locale) : (unknown ?? say("not_valid", {}, locale))
  return {
    message: seconds !== null && seconds <= 0 ? null : message,
    field: wrong,
    typed,
  }
}

function secondsUntil(time: string) {
  const seconds = Math.ceil((Date.parse(time) - Date.now()) / 1000)
  return Number.isNaN(seconds) ? null : Math.min(seconds, MAX_SECONDS)
}
