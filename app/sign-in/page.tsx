import Link from "next/link"
import { redirect } from "next/navigation"
import { getTranslations } from "next-intl/server"
import { orOutage, titled } from "#app/or-outage.tsx"
import { PasskeySignIn } from "#components/accounts/passkeys/passkey-sign-in.tsx"
import { PASSWORD } from "#components/accounts/password-inputs.ts"
import { ProviderButton } from "#components/accounts/provider-button.tsx"
import { EntryField, EntryForm } from "#components/pages/entry-form.tsx"
import { EntryPage } from "#components/pages/entry-page.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { configuration, hasPasswords, providerName } from "#lib/adapters/configuration.ts"
import { hasPasskeys } from "#lib/rooms/accounts/passkeys/list-passkeys.ts"
import { hasMember } from "#lib/rooms/accounts/setup/setup-code.ts"
import { readRefusedForm } from "#lib/web/forms/refused-form.ts"
import { findSessionMember } from "#lib/web/sign-in/current-session.ts"
import { formToken } from "#lib/web/sign-in/form-token.ts"
import { nextPath } from "#lib/web/sign-in/next-path.ts"

export const generateMetadata = titled("accounts.signIn.title")

export default orOutage(async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next, callbackUrl, error, notice, ...query } = await searchParams
  const asksCode = query.field === "code"
  const wanted = nextPath(next) ?? nextPath(callbackUrl)
  const opens = wanted ?? "/shares"
  if (await findSessionMember()) redirect(opens)

  const t = await getTranslations("accounts")
  const isNew = !(await hasMember())
  const provider = providerName()
  if (isNew && (provider === null || configuration.OIDC_ADMIN_CLAIM === undefined)) {
    return <MessagePage title={t("signIn.nobodyTitle")}>{t("signIn.nobodyText")}</MessagePage>
  }
  const address = wanted ? `/auth/oidc?${new URLSearchParams({ next: wanted })}` : "/auth/oidc"
  // The provider is the only way to sign in, and there is no error or notice to show.
  if (!hasPasswords() && error === undefined && notice === undefined) redirect(address)
  const refused = await readRefusedForm("/sign-in", { ...query, error }, t("signIn.failed"))
  const said = noticeOf(notice, t)
  if (isNew || !hasPasswords()) {
    const words = {
      title: t(isNew ? "signIn.nobodyTitle" : "signIn.title"),
      lead: isNew && t("signIn.nobodyByProvider", { provider: provider ?? "" }),
    }
    return (
      <EntryPage {...words}>
        {refused?.message && <Notice tone="danger">{refused.message}</Notice>}
        {said && !refused?.message && <Notice>{said}</Notice>}
        <div className="mt-5">
          <ProviderButton name={provider ?? ""} href={address} variant="primary" />
        </div>
      </EntryPage>
    )
  }
  // A refusal by the provider is shown above its button, and any other in the form.
  const isOfProvider = typeof error === "string" && error.startsWith("provider_")
  const passkeys = await hasPasskeys()
  // Without script the form asks only for the code, because the password was right.
  const step = asksCode ? refused?.typed.step : undefined
  return (
    <EntryPage title={t("signIn.title")} foot={t("signIn.foot")}>
      {provider !== null && (
        <>
          {isOfProvider && refused?.message && (
            <Notice tone="danger" className="mb-5">
              {refused.message}
            </Notice>
          )}
          <ProviderButton name={provider} href={address} variant="quiet" />
          <p className="my-5 flex items-center gap-3 text-sm text-soft">
            <span aria-hidden className="grow border-t border-line" />
            {t("signIn.or")}
            <span aria-hidden className="grow border-t border-line" />
          </p>
        </>
      )}
      <EntryForm
        action="/api/auth/callback/credentials"
        refused={isOfProvider || error === "code_required" ? null : refused}
        notice={said}
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
        <input type="hidden" name="csrfToken" value={await formToken()} />
        <input type="hidden" name="callbackUrl" value={opens} />
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
        {!step && <EntryField label={t("password")} name="password" {...PASSWORD} />}
      </EntryForm>
      {passkeys && (
        <div className="mt-3">
          <PasskeySignIn next={opens} suggests />
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
