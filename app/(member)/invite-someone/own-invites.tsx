import { useTranslations } from "next-intl"
import { MailState } from "#components/accounts/mail-state.tsx"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { RelativeTime } from "#components/time/local-time.tsx"
import type { InviteView } from "#lib/accounts/invites/invite.ts"

/** The member's invitations that can still be used, and what the mail server said about them. */
export function OwnInvites({ invites, now }: { invites: InviteView[]; now: Date }) {
  const t = useTranslations("accounts.inviteSomeone")
  if (invites.length === 0) return null
  return (
    <div className="w-full max-w-140">
      <h3 className="mb-2 font-semibold">{t("yours")}</h3>
      <RefreshWhile
        what="mailing"
        left={invites.filter(({ mail }) => mail?.state === "queued").length}
      />
      <ul className="border-b border-line">
        {invites.map(({ id, email, expiresAt, mail }) => (
          <li key={id} className="border-t border-line py-2.5">
            <p className="wrap-anywhere">{email ?? t("anyone")}</p>
            <p className="text-sm text-soft">
              {t("expires")} <RelativeTime at={expiresAt} now={now} />
            </p>
            {mail && (
              <p className="text-sm text-soft">
                <MailState mail={mail} now={now.toISOString()} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
