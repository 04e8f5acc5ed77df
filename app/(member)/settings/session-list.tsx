import { getTranslations } from "next-intl/server"
import { LocalTime, RelativeTime } from "#components/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { SubmitButton } from "#components/ui/submit-button.tsx"
import type { SessionView } from "#lib/accounts/session.ts"
import { endOne, endOthers } from "./actions.ts"

/** Where the member is signed in. Its forms work without JavaScript. */
export async function SessionList({ sessions, now }: { sessions: SessionView[]; now: string }) {
  const t = await getTranslations("accounts.sessions")
  return (
    <>
      <ul className="max-w-160 border-b border-line">
        {sessions.map(({ id, agent, createdAt, lastUsedAt, current }) => (
          <li
            key={id}
            className="flex items-center justify-between gap-4 border-t border-line py-3"
          >
            <div className="min-w-0">
              <p className="flex flex-wrap items-center gap-2 font-medium">
                {agent ?? t("unknownAgent")}
                {current && <Badge tone="accent">{t("current")}</Badge>}
              </p>
              <p className="text-sm text-soft">
                {t.rich("used", {
                  last: () => <RelativeTime at={lastUsedAt} now={now} />,
                  since: () => <LocalTime at={createdAt} form="date" />,
                })}
              </p>
            </div>
            {!current && (
              <form action={endOne} className="shrink-0">
                <input type="hidden" name="id" value={id} />
                <SubmitButton
                  variant="quiet"
                  size="sm"
                  aria-label={t("endNamed", { agent: agent ?? t("unknownAgent") })}
                >
                  {t("end")}
                </SubmitButton>
              </form>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <form action={endOthers} className="mt-5">
          <SubmitButton variant="quiet">{t("endOthers")}</SubmitButton>
        </form>
      )}
    </>
  )
}
