import { redirect } from "next/navigation"
import { MessagePage } from "#components/pages/message-page.tsx"
import { findSessionMember } from "#lib/web/sign-in/session.ts"
import { orOutage } from "./or-outage.tsx"

/** The root has no page of its own. */
export default orOutage(async function RootPage() {
  redirect((await findSessionMember()) ? "/shares" : "/sign-in")
}, MessagePage)
