"use server"

import { redirect } from "next/navigation"
import { beginAction } from "#lib/web/document.ts"
import { endSession } from "#lib/web/session.ts"

/** Ends this browser's session. */
export async function signOut() {
  beginAction()
  await endSession()
  redirect("/sign-in")
}
