import type { useTranslations } from "next-intl"
import { deviceOf } from "#lib/rooms/activity/receipt.ts"

/** Formats a client, such as "Chrome on Android". */
export function agentText(agent: string, t: ReturnType<typeof useTranslations<"common">>): string {
  const { browser, system } = deviceOf(agent)
  return browser && system ? t("agent", { browser, system }) : agent
}
