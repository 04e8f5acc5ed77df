"use server"

import { redirect } from "next/navigation"
import { endSession } from "#lib/web/session.ts"

/** Ends this browser's session. */
export async function signOut() {
  await endSession()
  redirect("/sign-in")
}
