import { redirect } from "next/navigation"
import { getTranslations } from "next-intl/server"
import { orOutage, titled } from "#app/or-outage.tsx"
import { NewMemberForm } from "#components/accounts/new-member-form.tsx"
import { EntryPage } from "#components/pages/entry-page.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { hasMember, setupCodeProblem } from "#lib/rooms/accounts/setup/setup-code.ts"
import { sayStatus } from "#lib/web/document-status.ts"
import { readRefusedForm } from "#lib/web/forms/refused-form.ts"

export const generateMetadata = titled("accounts.setup.title")

export default orOutage(async function SetupPage({ searchParams }: PageProps<"/setup">) {
  if (await hasMember()) redirect("/sign-in?notice=set-up")
  const { code: given, ...query } = await searchParams
  const code = typeof given === "string" ? given : ""
  const t = await getTranslations("accounts.setup")
  const problem = await setupCodeProblem(code)
  if (problem) {
    sayStatus(403)
    return <MessagePage title={t(`${problem}Title`)}>{t(`${problem}Text`)}</MessagePage>
  }
  return (
    <EntryPage title={t("title")} lead={t("lead")}>
      <NewMemberForm
        action="/auth/setup"
        secret={{ name: "code", value: code }}
        refused={await readRefusedForm("/setup", query)}
        submitLabel={t("submit")}
      />
    </EntryPage>
  )
}, MessagePage)
