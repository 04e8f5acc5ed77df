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
  return directionOf(locale) === "rtl" ? isolated(messages) : messages
}

type Tree = { [name: string]: string | Tree }

const isolated = <Messages extends Tree>(tree: Messages): Messages =>
  Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [
      name,
      typeof value === "string" ? isolateArguments(value) : isolated(value),
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

/**
 * The configuration of next-intl for a request: the reader's language and its messages. Servers
 * render times in UTC; <LocalTime> shows them in the reader's zone.
 */
export default getRequestConfig(async () => {
  const locale = await readerLanguage()
  const messages = loaded.get(locale) ?? loadAll(locale)
  loaded.set(locale, messages)
  return { locale, messages: await messages, timeZone: "UTC" }
})
