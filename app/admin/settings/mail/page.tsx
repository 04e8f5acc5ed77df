import { pageOfAuditor } from "#app/(member)/page-of.tsx"
import { configuration } from "#lib/adapters/configuration.ts"
import { findUndelivered } from "#lib/rooms/mail/find-mails.ts"
import { SettingsPage, titledSettings } from "../settings-page.tsx"
import { MailSection, type MailSetup } from "./mail-section.tsx"

export const generateMetadata = titledSettings("mail")

export default pageOfAuditor(async function MailPage({ email, now }) {
  const undelivered = await findUndelivered()
  return (
    <SettingsPage page="mail">
      <MailSection setup={mailSetup()} email={email} now={now.toISOString()} {...undelivered} />
    </SettingsPage>
  )
}, "/admin")

function mailSetup(): MailSetup | null {
  const { SMTP_URL: server, MAIL_FROM: from } = configuration
  if (!server || !from) return null
  const { host, port, security } = server
  return {
    host,
    port,
    security,
    sender: from.name ? `${from.name} <${from.address}>` : from.address,
  }
}
