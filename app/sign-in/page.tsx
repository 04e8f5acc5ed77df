import type { Metadata } from "next"
import Link from "next/link"
import { redirect } from "next/navigation"
import { getTranslations } from "next-intl/server"
import { orOutage } from "#app/or-outage.tsx"
import { PasskeySignIn } from "#components/accounts/passkeys/passkey-sign-in.tsx"
import { EntryField, EntryForm } from "#components/pages/entry-form.tsx"
import { EntryPage } from "#components/pages/entry-page.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { Ring } from "#components/ui/ring/ring.tsx"
import { hasPasskeys } from "#lib/accounts/passkeys/list-passkeys.ts"
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
  const asksCode = query.field === "code"
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
  const passkeys = await hasPasskeys()
  // Without script the form asks for the code alone: the password was right.
  const step = asksCode ? refused?.typed.step : undefined
  return (
    <EntryPage title={t("signIn.title")} foot={t("signIn.foot")}>
      <EntryForm
        action="/auth/sign-in"
        refused={error === "code_required" ? null : refused}
        notice={noticeOf(notice, t)}
        submitLabel={t("signIn.submit")}
        asksCode={asksCode}
        codeField={
          <EntryField
            label={t("code")}
            hint={t("codeHint")}
            name="code"
            autoComplete="one-time-code"
            autoFocus
            required
          />
        }
      >
        {wanted && <input type="hidden" name="next" value={wanted} />}
        {step && <input type="hidden" name="step" value={step} />}
        <EntryField
          label={t("email")}
          name="email"
          type="email"
          autoComplete={passkeys ? "username webauthn" : "username"}
          required
          readOnly={step !== undefined}
          defaultValue={refused?.typed.email}
        />
        {!step && (
          <EntryField
            label={t("password")}
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
        )}
      </EntryForm>
      {passkeys && (
        <div className="mt-3">
          <PasskeySignIn next={wanted} suggests />
        </div>
      )}
      <p className="mt-5 text-center text-sm">
        <Link href="/forgot" prefetch={false} className="text-accent hover:text-accent-hover">
          {t("signIn.forgot")}
        </Link>
      </p>
    </EntryPage>
  )
}, MessagePage)

function noticeOf(
  notice: string | string[] | undefined,
  t: Awaited<ReturnType<typeof getTranslations<"accounts">>>,
) {
  if (notice === "set-up") return t("signIn.alreadySetUp")
  return notice === "password-set" ? t("signIn.passwordSet") : null
}
