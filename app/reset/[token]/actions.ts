"use server"

import { headers } from "next/headers"
import { redirect } from "next/navigation"
import { z } from "zod"
import { Password } from "#lib/accounts/member.ts"
import { resetPassword as reset } from "#lib/accounts/reset-password.ts"
import { checkAttempt } from "#lib/accounts/throttle.ts"
import { formText, parse } from "#lib/input.ts"
import { publicAction } from "#lib/web/action.ts"
import { clientAddress } from "#lib/web/client-address.ts"
import { startSession } from "#lib/web/session.ts"

const Input = z.object({ password: Password })

export const resetPassword = publicAction(async (form): Promise<null> => {
  const address = clientAddress(await headers())
  await checkAttempt({ purpose: "reset", subject: "", address })
  const { password } = parse(Input, { password: formText(form, "password") ?? "" })
  await startSession(await reset(formText(form, "token") ?? "", password))
  redirect("/shares")
})
