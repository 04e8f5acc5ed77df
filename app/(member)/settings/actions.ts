"use server"

import { revalidatePath } from "next/cache"
import { headers } from "next/headers"
import { z } from "zod"
import { changeName } from "#lib/accounts/change-name.ts"
import { changePassword, PasswordChange } from "#lib/accounts/change-password.ts"
import { MemberName } from "#lib/accounts/member.ts"
import { endOtherSessions, endSession } from "#lib/accounts/session.ts"
import { formText, parse } from "#lib/input.ts"
import { findShareDefaults, saveShareDefaults } from "#lib/shares/member-share-defaults.ts"
import { ShareDefaults } from "#lib/shares/share-defaults.ts"
import { memberAction } from "#lib/web/action.ts"
import { clientAddress } from "#lib/web/client-address.ts"
import { startSession } from "#lib/web/session.ts"

export const saveName = memberAction(async ({ id }, form): Promise<null> => {
  const { name } = parse(z.object({ name: MemberName }), { name: formText(form, "name") ?? "" })
  await changeName(id, name)
  revalidatePath("/", "layout")
  return null
})

/** Ends one other session of the member. It may have ended meanwhile. */
export async function endOne(form: FormData): Promise<void> {
  const end = memberAction(async ({ id }, form): Promise<null> => {
    await endSession(id, formText(form, "id") ?? "")
    return null
  })
  await end(null, form)
  revalidatePath("/settings")
}

/** Ends every session of the member but this browser's. */
export async function endOthers(form: FormData): Promise<void> {
  const end = memberAction(async ({ id, sessionId }) => endOtherSessions(id, sessionId))
  await end(null, form)
  revalidatePath("/settings")
}

export const savePassword = memberAction(async ({ id }, form): Promise<null> => {
  const change = parse(PasswordChange, {
    currentPassword: formText(form, "currentPassword") ?? "",
    newPassword: formText(form, "newPassword") ?? "",
  })
  await startSession(await changePassword(id, change, clientAddress(await headers())))
  return null
})

/** Fields `days` ("never", or a number) and those of the conditions of a share. */
export const saveDefaults = memberAction(async ({ id }, form): Promise<null> => {
  const number = (name: string) => {
    const text = formText(form, name)
    return text === undefined ? null : Number(text)
  }
  const lifetime = formText(form, "mintTtlSeconds")
  const before = await findShareDefaults(id)
  const defaults = parse(ShareDefaults, {
    days: formText(form, "days") === "never" ? null : number("days"),
    maxDownloads: number("maxDownloads"),
    direct: form.has("direct"),
    preview: form.has("viewOnly") || form.has("preview"),
    viewOnly: form.has("viewOnly"),
    watermark: form.has("watermark"),
    mintTtlSeconds:
      lifetime === "keep" ? (before.mintTtlSeconds ?? null) : number("mintTtlSeconds"),
  })
  await saveShareDefaults(id, defaults)
  revalidatePath("/shares")
  revalidatePath("/settings")
  return null
})
