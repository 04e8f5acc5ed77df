import { getRequestConfig } from "next-intl/server"
import { isolateArguments } from "#lib/adapters/text/isolate-arguments.ts"
import { directionOf, type Locale } from "#lib/adapters/text/languages.ts"
import type accounts from "../../messages/en/accounts.json"
import type admin from "../../messages/en/admin.json"
import type charts from "../../messages/en/charts.json"
import type checks from "../../messages/en/checks.json"
import type common from "../../messages/en/common.json"
import type member from "../../messages/en/member.json"
import type overview from "../../messages/en/overview.json"
import type settings from "../../messages/en/settings.json"
import { pageBranding } from "./page-settings.ts"
import { readerLanguage } from "./reader-language.ts"

type Messages = {
  common: typeof common
  member: typeof member
  accounts: typeof accounts
  admin: typeof admin
  checks: typeof checks
  settings: typeof settings
  overview: typeof overview
  charts: typeof charts
}

export type MessageArea = keyof Messages

declare module "next-intl" {
  interface AppConfig {
    Locale: Locale
    Messages: Messages
  }
}

/** Each language has the same keys: lib/adapters/text/messages.test.ts compares them. */
async function load<Area extends MessageArea>(locale: Locale, area: Area): Promise<Messages[Area]> {
  const { default: messages } = await import(`../../messages/${locale}/${area}.json`)
  return directionOf(locale) === "rtl" ? mapped(messages, isolateArguments) : messages
}

type Tree = { [name: string]: string | Tree }

const mapped = <Messages extends Tree>(tree: Messages, of: (text: string) => string): Messages =>
  Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [
      name,
      typeof value === "string" ? of(value) : mapped(value, of),
    ]),
  ) as Messages // the same names

async function loadAll(locale: Locale): Promise<Messages> {
  const [common, member, accounts, admin, checks, settings, overview, charts] = await Promise.all([
    load(locale, "common"),
    load(locale, "member"),
    load(locale, "accounts"),
    load(locale, "admin"),
    load(locale, "checks"),
    load(locale, "settings"),
    load(locale, "overview"),
    load(locale, "charts"),
  ])
  return { common, member, accounts, admin, checks, settings, overview, charts }
}

const loaded = new Map<Locale, Promise<Messages>>()
let loadedName: string | null = null

/** The areas that guests and members read. Admins read the product's own name in the others. */
const BRANDED = ["common", "member", "accounts"] as const

/** Puts the installation's name in place of Lapse, in the words for guests and members. */
async function loadNamed(locale: Locale, name: string | null): Promise<Messages> {
  const messages = await loadAll(locale)
  if (name === null) return messages
  // A quoted name is not part of a message's syntax:
  // https://unicode-org.github.io/icu/userguide/format_parse/messages/
  const quoted = name.replaceAll("'", "''").replaceAll(/[{}<>]+/g, "'$&'")
  const named = (text: string) => text.replaceAll(/\bLapse\b/g, () => quoted)
  const own = BRANDED.map((area) => [area, mapped(messages[area], named)])
  return { ...messages, ...Object.fromEntries(own) }
}

/**
 * The configuration of next-intl for a request: the reader's language and its messages. It formats
 * no times; <LocalTime> does, in the reader's zone.
 */
export default getRequestConfig(async () => {
  const locale = await readerLanguage()
  const { name } = await pageBranding()
  // Only one name is in use, so the messages with an earlier one are dropped.
  if (name !== loadedName) loaded.clear()
  loadedName = name
  const messages = loaded.get(locale) ?? loadNamed(locale, name)
  loaded.set(locale, messages)
  return { locale, messages: await messages, timeZone: "UTC" }
})
