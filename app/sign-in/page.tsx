import type { Metadata } from "next"
import { redirect } from "next/navigation"
import { getTranslations } from "next-intl/server"
import { EntryPage } from "#components/entry-page.tsx"
import { MessagePage } from "#components/message-page.tsx"
import { Ring } from "#components/ui/ring.tsx"
import { hasMember } from "#lib/accounts/setup-code.ts"
import { ownPath } from "#lib/web/own-path.ts"
import { findSessionMember } from "#lib/web/session.ts"
import { SignInForm } from "./sign-in-form.tsx"

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("accounts.signIn")
  return { title: t("title") }
}

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next, callbackUrl, error, notice } = await searchParams
  const path = ownPath(next) ?? ownPath(callbackUrl)
  const wanted = path && path !== "/" && !path.startsWith("/sign-in") ? path : null
  if (await findSessionMember()) redirect(wanted ?? "/shares")

  const t = await getTranslations("accounts.signIn")
  if (!(await hasMember())) {
    return (
      <MessagePage title={t("nobodyTitle")} sign={<Ring state="scheduled" size={76} />}>
        {t("nobodyText")}
      </MessagePage>
    )
  }
  return (
    <EntryPage title={t("title")} foot={t("foot")}>
      <SignInForm
        next={wanted}
        notice={
          error
            ? t(error === "CredentialsSignin" ? "wrong" : "failed")
            : notice === "set-up"
              ? t("alreadySetUp")
              : null
        }
        noticeTone={error ? "danger" : "plain"}
      />
    </EntryPage>
  )
}
