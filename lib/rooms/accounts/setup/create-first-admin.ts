import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { NewMember } from "#lib/rooms/accounts/member.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import type { VerifiedMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { lockInstallation } from "./installation.ts"
import { hasMember, isSetupCode } from "./setup-code.ts"

/** Makes the first admin. Refuses a wrong setup code (forbidden) and a second admin (gone). */
export async function setUp({
  code,
  ...admin
}: NewMember & { code: string }): Promise<VerifiedMember> {
  if (!(await isSetupCode(code))) {
    throw refusal("forbidden", "setup_code")
  }
  const claim = (await hasMember()) ? null : await createFirstAdmin(admin)
  if (!claim) throw refusal("gone", "already_set_up")
  return claim
}

/** Inserts the admin, even under concurrent calls; null if there already is a member. */
export async function createFirstAdmin({
  name,
  email,
  password,
}: NewMember): Promise<VerifiedMember | null> {
  const passwordHash = await hashPassword(password)
  const admin = await db.$transaction((tx) => insertFirstAdmin(tx, { name, email, passwordHash }))
  return admin && { memberId: admin.id, sessionEpoch: admin.sessionEpoch }
}

type FirstAdmin = { name: string; email: string; passwordHash: string; byRule?: boolean }

/**
 * Inserts the first admin, whichever way makes it. Other ways wait for this transaction. Returns
 * null if there already is a member.
 */
export async function insertFirstAdmin(tx: Tx, admin: FirstAdmin) {
  await lockInstallation(tx)
  if (await tx.member.findFirst({ where: { kind: "person" }, select: { id: true } })) return null
  const member = await tx.member.create({
    data: { ...admin, role: "admin" },
    select: { id: true, sessionEpoch: true, disabledAt: true },
  })
  const setupDoneAt = await databaseTimeIn(tx)
  await tx.installation.update({ where: { id: 1 }, data: { setupDoneAt }, select: { id: true } })
  await recordAudit(tx, { actorId: member.id, action: "member.first", targetId: member.id })
  return member
}

/** Makes the admin of ADMIN_EMAIL if there is no member yet. Returns whether it did. */
export async function createAdminFromSettings(): Promise<boolean> {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = configuration
  if (email === undefined || password === undefined || (await hasMember())) return false
  const name = email.slice(0, email.indexOf("@")).slice(0, 80)
  return (await createFirstAdmin({ name, email, password })) !== null
}
