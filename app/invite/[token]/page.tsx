import type { Metadata } from "next"
import { getTranslations } from "next-intl/server"
import { NewMemberForm } from "#components/accounts/new-member-form.tsx"
import { EntryPage } from "#components/entry-page.tsx"
import { LocalTime } from "#components/local-time.tsx"
import { MessagePage } from "#components/message-page.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Ring } from "#components/ui/ring.tsx"
import { findInvite } from "#lib/accounts/accept-invite.ts"
import { sayStatus } from "#lib/web/document.ts"
import { joinLapse } from "./actions.ts"

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("accounts.invite")
  return { title: t("title") }
}

/** A GET uses nothing up: only the form's POST does. */
export default async function InvitePage({ params }: PageProps<"/invite/[token]">) {
  const { token } = await params
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
      <NewMemberForm
        action={joinLapse}
        secret={{ name: "token", value: token }}
        email={invite.email}
        submitLabel={t("submit")}
      />
    </EntryPage>
  )
}

/** The page of an invitation that is over, or never was. */
async function InviteGone() {
  const t = await getTranslations("accounts.invite")
  return (
    <MessagePage
      title={t("goneTitle")}
      sign={<Ring state="over" size={76} />}
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
