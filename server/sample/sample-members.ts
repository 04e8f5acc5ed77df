import { randomBytes } from "node:crypto"
import { configuration } from "#lib/adapters/configuration.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { acceptInvite } from "#lib/rooms/accounts/invites/accept-invite.ts"
import { inviteMember } from "#lib/rooms/accounts/invites/invite-member.ts"
import type { SessionMember } from "#lib/rooms/accounts/member.ts"
import { createFirstAdmin } from "#lib/rooms/accounts/setup/create-first-admin.ts"
import {
  findSessionMember,
  signOut,
  startSession,
  type VerifiedMember,
} from "#lib/rooms/accounts/sign-in/session.ts"

export type SignIn = { name: string; email: string; password: string }

export type SampleMember = SessionMember & { signIn: SignIn; leave: () => Promise<void> }

const QUOTA_BYTES = 5e9

const somebody = (name: string, email: string): SignIn => ({
  name,
  email,
  password: randomBytes(12).toString("base64url"),
})

/**
 * Creates an admin, whose address is ADMIN_EMAIL if that is set, and two members. The caller must
 * end their sessions. Throws a SetupError if there is a member already.
 */
export async function makeMembers() {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = configuration
  const first = {
    ...somebody("Ada Lovelace", "ada@example.org"),
    ...(email && password ? { email, password } : {}),
  }
  const created = await createFirstAdmin(first)
  if (!created) throw notNew()
  const admin = await enter(created, first)
  const { adminId } = admin
  if (!adminId) throw new Error("the first member is no admin")
  const join = async (signIn: SignIn) => {
    const { url } = await inviteMember(adminId, {
      email: signIn.email,
      role: "member",
      quotaBytes: QUOTA_BYTES,
    })
    return enter(await acceptInvite({ ...signIn, token: url.split("/").at(-1) ?? "" }), signIn)
  }
  const grace = await join(somebody("Grace Hopper", "grace@example.org"))
  const alan = await join(somebody("Alan Turing", "alan@example.org"))
  return { admin, grace, alan }
}

export const notNew = () =>
  new SetupError(
    "Sample data goes into a new installation only, and this one has members: start without --sample, or name an empty directory in LAPSE_DATA_DIR.",
  )

async function enter(verified: VerifiedMember, signIn: SignIn): Promise<SampleMember> {
  const claim = await startSession(verified, null)
  const member = await findSessionMember(claim)
  if (!member) throw new Error("the session has ended")
  const leave = async () => {
    await signOut(claim)
  }
  return { ...member, signIn, leave }
}
