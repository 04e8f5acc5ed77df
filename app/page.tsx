import { redirect } from "next/navigation"
import { MessagePage } from "#components/pages/message-page.tsx"
import { findSessionMember } from "#lib/web/sign-in/current-session.ts"
import { orOutage } from "./or-outage.tsx"

/** Redirects: the root has no page. */
export default orOutage(async function RootPage() {
  redirect((await findSessionMember()) ? "/shares" : "/sign-in")
}, MessagePage)
