import { getTranslations } from "next-intl/server"
import { orOutage, titled } from "#app/or-outage.tsx"
import { EntryPage } from "#components/pages/entry-page.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { Button, LinkButton } from "#components/ui/button.tsx"
import { findNoticesOf } from "#lib/rooms/accounts/profile/notices.ts"
import { sayStatus } from "#lib/web/document-status.ts"

export const generateMetadata = titled("accounts.stopNotices.title")

/**
 * Stops notices without signing in, by the link of a mail. A GET stops nothing, because scanners
 * open every link of a mail.
 */
export default orOutage(async function NoticesPage({ params }: PageProps<"/notices/[token]">) {
  const { token } = await params
  const found = await findNoticesOf(token)
  const { email = "", team = null } = found ?? {}
  const t = await getTranslations("accounts.stopNotices")
  const settings = (
    <LinkButton href="/settings" variant="quiet">
      {t("settings")}
    </LinkButton>
  )
  if (!found?.notices) {
    if (!found) sayStatus(404)
    return (
      <MessagePage title={t(found ? "offTitle" : "unknownTitle")} action={settings}>
        {found
          ? team === null
            ? t("offText", { email })
            : t("offTeam", { email, team })
          : t("unknownText")}
      </MessagePage>
    )
  }
  return (
    <EntryPage
      title={t("title")}
      lead={team === null ? t("lead", { email }) : t("leadTeam", { email, team })}
      foot={t("foot")}
    >
      <form method="post" action={`/stop-notices/${token}?back=1`}>
        <Button type="submit" wide>
          {team === null ? t("submit") : t("submitTeam", { team })}
        </Button>
      </form>
    </EntryPage>
  )
}, MessagePage)
