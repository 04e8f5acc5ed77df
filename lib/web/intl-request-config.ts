import { getRequestConfig } from "next-intl/server"
import accounts from "../../messages/en/accounts.json"
import admin from "../../messages/en/admin.json"
import charts from "../../messages/en/charts.json"
import checks from "../../messages/en/checks.json"
import common from "../../messages/en/common.json"
import member from "../../messages/en/member.json"
import overview from "../../messages/en/overview.json"
import settings from "../../messages/en/settings.json"
import visitor from "../../messages/en/visitor.json"

const messages = { common, visitor, member, accounts, admin, checks, settings, overview, charts }

export type MessageArea = keyof typeof messages

declare module "next-intl" {
  interface AppConfig {
    Locale: "en"
    Messages: typeof messages
  }
}

/**
 * The configuration of next-intl for a request. Servers render times in UTC; <LocalTime> shows them
 * in the reader's zone.
 */
export default getRequestConfig(async () => ({ locale: "en", messages, timeZone: "UTC" }))
