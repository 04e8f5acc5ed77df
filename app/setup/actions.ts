"use server"

import { headers } from "next/headers"
import { redirect } from "next/navigation"
import { setUp } from "#lib/accounts/create-first-admin.ts"
import { NewMember } from "#lib/accounts/member.ts"
import { checkAttempt } from "#lib/accounts/throttle.ts"
import { formText, parse } from "#lib/input.ts"
import { publicAction } from "#lib/web/action.ts"
import { clientAddress } from "#lib/web/client-address.ts"
import { startSession } from "#lib/web/session.ts"

export const setUpLapse = publicAction(async (form): Promise<null> => {
  const address = clientAddress(await headers())
  await checkAttempt({ purpose: "setup", subject: "", address })
  const admin = parse(NewMember, {
    name: formText(form, "name") ?? "",
    email: formText(form, "email") ?? "",
    password: formText(form, "password") ?? "",
  })
  await startSession(await setUp({ ...admin, code: formText(form, "code") ?? "" }))
  redirect("/admin")
})
