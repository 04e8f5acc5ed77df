import { getTranslations } from "next-intl/server"
import { agentText } from "#components/shares/activity/agent-text.ts"
import { LocalTime, RelativeTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import type { SessionView } from "#lib/rooms/accounts/sign-in/session.ts"
import { EndSession } from "./end-session.tsx"

/** Sessions beyond this number are collapsed. */
const SHOWN = 10
/** The time of the last use is stored with a precision of five minutes. */
const JUST_NOW_MS = 5 * 60_000

/** The member's sessions, the one of this browser first. */
export async function SessionList({ sessions, now }: { sessions: SessionView[]; now: string }) {
  const t = await getTranslations("accounts.sessions")
  const sorted = sessions.toSorted((a, b) => Number(b.current) - Number(a.current))
  const [shown, folded] = [sorted.slice(0, SHOWN), sorted.slice(SHOWN)]
  const [latest] = folded
  return (
    <div className="max-w-204">
      <Rows sessions={shown} now={now} />
      {latest && (
        <details>
          <summary className="cursor-pointer rounded-md py-3.5 text-sm font-medium text-soft hover:text-ink">
            {t.rich("more", {
              count: folded.length,
              last: () => <RelativeTime at={latest.lastUsedAt} now={now} />,
            })}
          </summary>
          <Rows sessions={folded} now={now} />
        </details>
      )}
    </div>
  )
}

function Rows({ sessions, now }: { sessions: SessionView[]; now: string }) {
  return (
    <ul>
      {sessions.map((session) => (
        <Row key={session.id} session={session} now={now} />
      ))}
    </ul>
  )
}

async function Row({ session, now }: { session: SessionView; now: string }) {
  const t = await getTranslations("accounts.sessions")
  const { id, agent, createdAt, lastUsedAt, current } = session
  const name = agent ? agentText(agent, await getTranslations("common")) : t("unknownAgent")
  const isInUse = Date.parse(now) - Date.parse(lastUsedAt) < JUST_NOW_MS
  return (
    <li className="flex items-center justify-between gap-4 border-t border-line py-3">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {name}
          {current && <Badge>{t("current")}</Badge>}
        </p>
        <p className="text-sm text-soft">
          {t.rich(isInUse ? "usedNow" : "used", {
            part: (words) => <span className="whitespace-nowrap">{words}</span>,
            last: () => <RelativeTime at={lastUsedAt} now={now} />,
            since: () => <LocalTime at={createdAt} form="date" />,
          })}
        </p>
      </div>
      {!current && (
        <div className="shrink-0">
          <EndSession id={id} label={t("endNamed", { agent: name })} />
        </div>
      )}
    </li>
  )
}
