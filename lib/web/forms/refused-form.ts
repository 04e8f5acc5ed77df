import "server-only"
import { getLocale } from "next-intl/server"
import { type SentenceKey, say } from "#lib/text/sentences.ts"
import { sayStatus } from "#lib/web/document.ts"
import { takeTyped } from "./typed-cookie.ts"

/** Why a form was refused, as its page says it. */
export type RefusedForm = {
  /** Null: what had to be waited for is over. */
  message: string | null
  /** The field that is wrong. */
  field: string | null
  /** What was typed, to fill the form again. */
  typed: Record<string, string>
}

type Query = Partial<Record<"error" | "field" | "until", string | string[] | undefined>>

/** The sentences that a form's address may name. */
const NAMED: readonly SentenceKey[] = [
  "credentials",
  "account_exists",
  "invitation_address",
  "attempts",
  "sign_ins",
  "disk_attempt",
  "storage",
  "database",
  "busy",
  "disk",
]

/** The sentence about a wrong value of each field. */
const OF_FIELD: ReadonlyMap<string, SentenceKey> = new Map([
  ["name", "member_name"],
  ["email", "member_email"],
  ["password", "member_password"],
])

/** Those that say that too much was tried; the others that wait are outages. */
const TOO_MANY = ["attempts", "sign_ins"]

/** Nothing has to be waited for longer. */
const MAX_SECONDS = 3600

/**
 * Reads from the address of a form's page why it was refused (lib/web/forms/form-route.ts), and sets the
 * status of one that has to wait. `unknown` is said of an error without a sentence of its own.
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
  const key = NAMED.find((name) => name === error) ?? OF_FIELD.get(wrong ?? "")
  const when = { inSeconds: seconds ?? 0 }
  const locale = await getLocale()
  const message = key ? say(key, { when }, locale) : (unknown ?? say("not_valid", {}, locale))
  return {
    message: seconds !== null && seconds <= 0 ? null : message,
    field: wrong,
    typed: await takeTyped(path),
  }
}

function secondsUntil(time: string) {
  const seconds = Math.ceil((Date.parse(time) - Date.now()) / 1000)
  return Number.isNaN(seconds) ? null : Math.min(seconds, MAX_SECONDS)
}
