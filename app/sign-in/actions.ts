"use server"

import { cookies, headers } from "next/headers"
import { redirect } from "next/navigation"
import { getTranslations } from "next-intl/server"
import { verifyCredentials } from "#lib/accounts/verify-credentials.ts"
import { Refusal } from "#lib/errors.ts"
import { formText } from "#lib/input.ts"
import { publicAction } from "#lib/web/action.ts"
import { clientAddress } from "#lib/web/client-address.ts"
import { ownPath } from "#lib/web/own-path.ts"
import { startSession } from "#lib/web/session.ts"

export const signIn = publicAction(async (form): Promise<null> => {
  await startSessionFor(form)
  redirect(ownPath(formText(form, "next")) ?? "/shares")
})

/** The same over a page that stays: for a member whose session has ended meanwhile. */
export const signInAgain = publicAction(async (form): Promise<null> => {
  await startSessionFor(form)
  return null
})

async function startSessionFor(form: FormData) {
  const jar = await cookies()
  const claim = await verifyCredentials({
    email: formText(form, "email") ?? "",
    password: formText(form, "password") ?? "",
    address: clientAddress(await headers()),
    cookie: (name) => jar.get(name)?.value,
  })
  if (!claim) {
    const t = await getTranslations("accounts.signIn")
    throw new Refusal("invalid", t("wrong"))
  }
  await startSession(claim)
}
