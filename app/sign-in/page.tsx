import type { Metadata } from "next"
import Link from "next/link"
import { redirect } from "next/navigation"
import { getTranslations } from "next-intl/server"
import { orOutage } from "#app/or-outage.tsx"
import { EntryField, EntryForm } from "#components/pages/entry-form.tsx"
import { EntryPage } from "#components/pages/entry-page.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { Ring } from "#components/ui/ring/ring.tsx"
import { hasMember } from "#lib/accounts/setup/setup-code.ts"
import { ownPath } from "#lib/web/forms/own-path.ts"
import { readRefusedForm } from "#lib/web/forms/refused-form.ts"
import { findSessionMember } from "#lib/web/sign-in/current-session.ts"

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("accounts.signIn")
  return { title: t("title") }
}

export default orOutage(async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next, callbackUrl, error, notice, ...query } = await searchParams
  const path = ownPath(next) ?? ownPath(callbackUrl)
  const wanted = path && path !== "/" && !path.startsWith("/sign-in") ? path : null
  if (await findSessionMember()) redirect(wanted ?? "/shares")

  const t = await getTranslations("accounts")
  if (!(await hasMember())) {
    return (
      <MessagePage title={t("signIn.nobodyTitle")} sign={<Ring state="scheduled" size={76} />}>
        {t("signIn.nobodyText")}
      </MessagePage>
    )
  }
  // next-auth has another name for this code.
  const code = error === "CredentialsSignin" ? "credentials" : error
  const refused = await readRefusedForm("/sign-in", { ...query, error: code }, t("signIn.failed"))
  return (
    <EntryPage title={t("signIn.title")} foot={t("signIn.foot")}>
      <EntryForm
        action="/auth/sign-in"
        refused={refused}
        notice={notice === "set-up" ? t("signIn.alreadySetUp") : null}
        submitLabel={t("signIn.submit")}
      >
        {wanted && <input type="hidden" name="next" value={wanted} />}
        <EntryField
          label={t("email")}
          name="email"
          type="email"
          autoComplete="username"
          required
          defaultValue={refused?.typed.email}
        />
        <EntryField
          label={t("password")}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
      </EntryForm>
      <p className="mt-5 text-center text-sm">
        <Link href="/forgot" prefetch={false} className="text-accent hover:text-accent-hover">
          {t("signIn.forgot")}
        </Link>
      </p>
    </EntryPage>
  )
}, MessagePage)
