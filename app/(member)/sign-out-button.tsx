import { useTranslations } from "next-intl"

/** Ends the session and goes to the sign-in page. Works without JavaScript. */
export function SignOutButton() {
  const t = useTranslations("common.nav")
  return (
    <form method="post" action="/auth/sign-out">
      <button type="submit" className="-mx-1 rounded-md px-1 py-1 text-sm text-soft hover:text-ink">
        {t("signOut")}
      </button>
    </form>
  )
}
