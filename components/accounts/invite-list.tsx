import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { LocalTime, RelativeTime } from "#components/time/local-time.tsx"
import type { InviteView } from "#lib/rooms/accounts/invites/invite.ts"
import type { MailView } from "#lib/rooms/mail/mail.ts"

type InviteListProps = {
  invites: InviteView[]
  now: Date
  /** Text before the time at which an invitation expires. */
  before?: (invite: InviteView) => ReactNode
  badge?: (invite: InviteView) => ReactNode
  action?: (invite: InviteView, who: string) => ReactNode
}

/** Open invitations, with the mail server's replies. */
export function InviteList({ invites, now, before, badge, action }: InviteListProps) {
  const t = useTranslations("accounts.inviteSomeone")
  return (
    <>
      <RefreshWhile
        what="mailing"
        left={invites.filter(({ mail }) => mail?.state === "queued").length}
      />
      <ul className="border-b border-line">
        {invites.map((invite) => {
          const { id, name, expiresAt, mail } = invite
          const who = invite.email ?? t("anyone")
          return (
            <li
              key={id}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t border-line py-2.5"
            >
              <div className="min-w-0">
                <p className="wrap-anywhere">
                  {name !== null && (
                    <>
                      <bdi>{name}</bdi> ·{" "}
                    </>
                  )}
                  {who} {badge?.(invite)}
                </p>
                <p className="text-sm text-soft">
                  {before?.(invite)}
                  {t("expires")} <RelativeTime at={expiresAt} now={now} />
                </p>
                {mail && (
                  <p className="text-sm text-soft">
                    <MailState mail={mail} now={now.toISOString()} />
                  </p>
                )}
              </div>
              {action && (
                <div className="-mx-3.25 flex flex-wrap items-start">{action(invite, who)}</div>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}

type MailStateProps = { mail: MailView; now: string }

/** Shows the delivery state of an invitation's mail, with the mail server's reply. */
function MailState({ mail: { state, answer, at }, now }: MailStateProps) {
  const t = useTranslations("accounts.mailState")
  if (state === "sent") {
    return (
      <span>
        {t("sent")} · <LocalTime at={at} form="short" now={now} />
      </span>
    )
  }
  if (state === "queued") {
    return <span>{answer === null ? t("queued") : t("retrying", { answer })}</span>
  }
  return (
    <span className="wrap-anywhere text-danger">
      {answer === null ? t("failedSilent") : t("failed", { answer })}
    </span>
  )
}
