"use client"

import { useTranslations } from "next-intl"
import { useFormStatus } from "react-dom"
import { signOut } from "./actions.ts"

/** Ends the session and goes to the sign-in page. Works without JavaScript. */
export function SignOutButton() {
  return (
    <form action={signOut}>
      <SignOutControl />
    </form>
  )
}

function SignOutControl() {
  const t = useTranslations("common.nav")
  const { pending } = useFormStatus()
  return (
    <button
      type="submit"
      disabled={pending}
      className="-mx-1 rounded-md px-1 py-1 text-sm text-soft hover:text-ink disabled:opacity-60"
    >
      {t("signOut")}
    </button>
  )
}
