import { useTranslations } from "next-intl"
import { RelativeTime } from "#components/time/local-time.tsx"
import { Disclosure } from "#components/ui/disclosure.tsx"
import { type BotFetches, deviceOf } from "#lib/rooms/activity/receipt.ts"
import { agentText } from "./agent-text.ts"

/** The fetches of bots, collapsed into one line. `total` includes earlier fetches. */
export function BotFetchList({
  bots,
  total,
  now,
}: {
  bots: BotFetches[]
  total: number
  now: string
}) {
  const t = useTranslations("member.receipts")
  if (total === 0) return null
  return (
    <Disclosure summary={t("bots", { count: total })}>
      <p className="pb-2 text-sm text-soft">{t("botsLead")}</p>
      <ul className="border-t border-line text-[0.9375rem]">
        {bots.map(({ agent, count, lastAt }) => (
          <li
            key={agent ?? ""}
            className="flex flex-wrap justify-between gap-x-4 border-b border-line py-2"
          >
            <span className="min-w-0 wrap-anywhere">
              <BotName agent={agent} />
            </span>
            <span className="text-sm text-soft">
              {t("botTimes", { count })}
              {" · "}
              {t.rich("botLast", { when: () => <RelativeTime at={lastAt} now={now} /> })}
            </span>
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}

function BotName({ agent }: { agent: string | null }) {
  const t = useTranslations("member.receipts")
  const common = useTranslations("common")
  if (agent === null) return t("botUnknown")
  const { system, browser } = deviceOf(agent)
  return system || browser
    ? t("botAhead", { agent: agentText(agent, common) })
    : agent.replace(/^bot: /, "")
}
