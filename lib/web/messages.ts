import compile from "icu-minify/compile"
import { getRequestConfig } from "next-intl/server"
import accounts from "../../messages/en/accounts.json"
import admin from "../../messages/en/admin.json"
import charts from "../../messages/en/charts.json"
import common from "../../messages/en/common.json"
import doctor from "../../messages/en/doctor.json"
import member from "../../messages/en/member.json"
import overview from "../../messages/en/overview.json"
import settings from "../../messages/en/settings.json"
import visitor from "../../messages/en/visitor.json"

const messages = { common, visitor, member, accounts, admin, doctor, settings, overview, charts }

export type MessageArea = keyof typeof messages

declare module "next-intl" {
  interface AppConfig {
    Locale: "en"
    Messages: typeof messages
  }
}

type Tree = { [name: string]: string | Tree }
type Compiled = { [name: string]: ReturnType<typeof compile> | Compiled }

// next.config.mjs has next-intl format what is compiled here: no browser parses a message.
const compileAll = (tree: Tree): Compiled =>
  Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [
      name,
      typeof value === "string" ? compile(value) : compileAll(value),
    ]),
  )
// As JSON, since the compiler makes objects without a prototype, which React does not send.
const compiled: Compiled = JSON.parse(JSON.stringify(compileAll(messages)))

/**
 * The configuration of next-intl for a request. Servers render times in UTC; <LocalTime> shows them
 * in the reader's zone.
 */
export default getRequestConfig(async () => ({
  locale: "en",
  messages: compiled,
  timeZone: "UTC",
}))
