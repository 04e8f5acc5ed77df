import { redirect } from "next/navigation"
import { findSessionMember } from "#lib/web/session.ts"

/** The root has no page of its own. */
export default async function RootPage() {
  redirect((await findSessionMember()) ? "/shares" : "/sign-in")
}
