import { getTranslations } from "next-intl/server"
import { orOutage, titled } from "#app/or-outage.tsx"
import { EntryPage } from "#components/pages/entry-page.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import { configuration } from "#lib/adapters/configuration.ts"

export const generateMetadata = titled("accounts.command.title")

/** How to install the command. Programs that ask for this address get the command itself. */
export default orOutage(async function CommandPage() {
  const t = await getTranslations("accounts.command")
  const { origin } = new URL(configuration.APP_URL)
  return (
    <EntryPage title={t("title")} lead={t("lead")} wide>
      <CopyField
        label={t("lines")}
        value={`curl -fsSL ${origin}/cli -o lapse && chmod +x lapse
curl -fsSL ${origin}/cli.sha256 | sha256sum --check
./lapse login ${origin}`}
        rows={3}
      />
      <p className="mt-5 text-soft">
        {t.rich("more", {
          help: () => <code dir="ltr">./lapse --help</code>,
          api: (text) => <TextLink href="/api">{text}</TextLink>,
        })}
      </p>
    </EntryPage>
  )
})
