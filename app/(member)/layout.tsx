import type { ReactNode } from "react"
import { orOutage } from "#app/or-outage.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { NotFoundMessage } from "#components/pages/not-found-message.tsx"
import { orNotFound } from "#lib/web/or-not-found.ts"
import { memberPage } from "#lib/web/sign-in/current-session.ts"
import { Shell } from "./shell.tsx"

/** Reads the session only to render the shell: each page and each call checks it again. */
export default orOutage(async function MemberLayout({ children }: { children: ReactNode }) {
  const member = await orNotFound(memberPage())
  if (!member)
    return (
      <MessagePage>
        <NotFoundMessage home="/shares" />
      </MessagePage>
    )
  return <Shell member={member}>{children}</Shell>
}, MessagePage)
