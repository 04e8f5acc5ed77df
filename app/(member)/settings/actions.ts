"use server"

import { revalidatePath } from "next/cache"
import { headers } from "next/headers"
import { z } from "zod"
import { changeName } from "#lib/accounts/change-name.ts"
import { changePassword, PasswordChange } from "#lib/accounts/change-password.ts"
import { MemberName } from "#lib/accounts/member.ts"
import { formText, parse } from "#lib/input.ts"
import { memberAction } from "#lib/web/action.ts"
import { clientAddress } from "#lib/web/client-address.ts"
import { startSession } from "#lib/web/session.ts"

export const saveName = memberAction(async ({ id }, form): Promise<null> => {
  const { name } = parse(z.object({ name: MemberName }), { name: formText(form, "name") ?? "" })
  await changeName(id, name)
  revalidatePath("/", "layout")
  return null
})

export const savePassword = memberAction(async ({ id }, form): Promise<null> => {
  const change = parse(PasswordChange, {
    currentPassword: formText(form, "currentPassword") ?? "",
    newPassword: formText(form, "newPassword") ?? "",
  })
  await startSession(await changePassword(id, change, clientAddress(await headers())))
  return null
})
