import "server-only"
import { db } from "#lib/adapters/database.ts"
import { Email } from "#lib/rooms/accounts/member.ts"
import { importedMemberName } from "#lib/rooms/imports/imported-text.ts"
import type { SourceMember } from "#lib/rooms/imports/sources/source.ts"
import { isKept } from "./kept-password.ts"
import type { LeaveOut, NewMember } from "./plan.ts"

type Planned = {
  members: NewMember[]
  /** The number of members who already exist. */
  here: number
  /** The address of each member by their id in the app, without members who cannot be imported. */
  emails: Map<string, string>
}

/** Plans the members of an app. Skips members whose address already has a member. */
export async function planMembers(sources: SourceMember[], leaveOut: LeaveOut): Promise<Planned> {
  const emails = new Map<string, string>()
  for (const { id, email: given } of sources) {
    const email = Email.safeParse(given).data
    if (email === undefined)
      leaveOut(`the member ${given}`, "this is no email address, by which members sign in")
    else emails.set(id, email)
  }
  const rows = await db.member.findMany({
    where: { email: { in: [...emails.values()] }, kind: "person" },
    select: { email: true },
  })
  const here = new Set(rows.map(({ email }) => email))
  const members = new Map<string, NewMember>()
  for (const { id, name, passwordHash, ...member } of sources) {
    const email = emails.get(id)
    if (email === undefined || here.has(email)) continue
    if (members.has(email)) {
      leaveOut(`a second member ${email}`, "both become one member")
      continue
    }
    const kept = passwordHash !== null && isKept(passwordHash) ? passwordHash : null
    if (kept === null)
      leaveOut(
        `the password of ${email}`,
        "it has none that can be kept: an admin makes a reset link under Admin, Members",
      )
    if (member.disabled)
      leaveOut(
        `the member ${email}`,
        "disabled in the app, or never verified there: they come disabled, and an admin enables them under Admin, Members",
      )
    const named = importedMemberName(name, email)
    members.set(email, { ...member, email, name: named, passwordHash: kept })
  }
  return { members: [...members.values()], here: here.size, emails }
}
