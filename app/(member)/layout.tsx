import type { ReactNode } from "react"
import { memberPage } from "#lib/web/session.ts"
import { Shell } from "./shell.tsx"

/** Reads the session only to draw the shell: every page and call checks it again. */
export default async function MemberLayout({ children }: { children: ReactNode }) {
  const member = await memberPage()
  return <Shell member={member}>{children}</Shell>
}
