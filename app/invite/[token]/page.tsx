import { getTranslations } from "next-intl/server"
import { orOutage, titled } from "#app/or-outage.tsx"
import { NewMemberForm } from "#components/accounts/new-member-form.tsx"
import { ProviderButton } from "#components/accounts/provider-button.tsx"
import { EntryPage } from "#components/pages/entry-page.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { hasPasswords, providerName } from "#lib/adapters/configuration.ts"
import { findInvite } from "#lib/rooms/accounts/invites/accept-invite.ts"
import { inviteNeedsAddress } from "#lib/rooms/accounts/invites/usable.ts"
import { sayStatus } from "#lib/web/document-status.ts"
import { readRefusedForm } from "#lib/web/forms/refused-form.ts"

export const generateMetadata = titled("accounts.invite.title")

/** The form of an invitation. A GET does not use the invitation up: only the form's POST does. */
export default orOutage(async function InvitePage(props: PageProps<"/invite/[token]">) {
  const { token } = await props.params
  const invite = await findInvite(token)
  if (!invite) {
    sayStatus(410)
    return <InviteGone />
  }
  const t = await getTranslations("accounts.invite")
  return (
    <EntryPage
      title={t("title")}
      lead={t("lead", { inviter: invite.inviterName })}
      foot={t.rich("until", { until: () => <LocalTime at={invite.expiresAt} /> })}
    >
      {hasPasswords() && (invite.email !== null || !inviteNeedsAddress()) ? (
        <NewMemberForm
          action="/auth/invite"
          secret={{ name: "token", value: token }}
          email={invite.email}
          name={invite.name}
          refused={await readRefusedForm(`/invite/${token}`, await props.searchParams)}
          submitLabel={t("submit")}
        />
      ) : (
        <JoinByProvider email={invite.email} />
      )}
    </EntryPage>
  )
}, MessagePage)

/**
 * How an invited person joins where there are no passwords: their address uses the invitation up.
 */
async function JoinByProvider({ email }: { email: string | null }) {
  const t = await getTranslations("accounts.provider")
  const name = providerName() ?? ""
  if (email === null) return <Notice>{t("inviteAnyone", { name })}</Notice>
  return (
    <>
      <p className="mb-5 text-soft wrap-anywhere">{t("invite", { name, email })}</p>
      <ProviderButton name={name} href="/auth/oidc" variant="primary" />
    </>
  )
}

/** The page of an invitation that has expired, was used or never existed. */
async function InviteGone() {
  const t = await getTranslations("accounts.invite")
  return (
    <MessagePage
      title={t("goneTitle")}
      action={
        <LinkButton href="/sign-in" variant="quiet">
          {t("goneAction")}
        </LinkButton>
      }
    >
      {t("goneText")}
    </MessagePage>
  )
}
