import type { ReactNode } from "react"
import { Shell } from "#components/shell.tsx"
import { memberPage } from "#lib/web/session.ts"
import { signOut } from "./actions.ts"

/** Asks who is signed in only to draw the shell: every page and action below asks for itself. */
export default async function MemberLayout({ children }: { children: ReactNode }) {
  const member = await memberPage()
  return (
    <Shell member={member} signOut={signOut}>
      {children}
    </Shell>
  )
}
