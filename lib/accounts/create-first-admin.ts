import "server-only"
import { createHmac, timingSafeEqual } from "node:crypto"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { derivedKey } from "#lib/secrets.ts"
import type { SessionClaim } from "./find-session-member.ts"
import { installationId, lockInstallation } from "./installation.ts"
import type { NewMember } from "./member.ts"
import { hashPassword } from "./password.ts"

const CODE_BYTES = 12

/** The setup code: it opens /setup of this installation alone, and only while it has no member. */
export async function setupCode(): Promise<string> {
  const mac = createHmac("sha256", derivedKey("setup"))
    .update(await installationId())
    .digest()
  return mac.subarray(0, CODE_BYTES).toString("base64url")
}

/** Whether this is the setup code. Tells nothing by its time. */
export async function isSetupCode(code: string): Promise<boolean> {
  const expected = Buffer.from(await setupCode())
  const given = Buffer.from(code)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Whether anyone can sign in yet. */
export async function hasMember(): Promise<boolean> {
  return (await db.member.findFirst({ select: { id: true } })) !== null
}

/** Makes the first admin by the setup page. Refuses a wrong code (forbidden) and a second admin (gone). */
export async function setUp({
  code,
  ...admin
}: NewMember & { code: string }): Promise<SessionClaim> {
  if (!(await isSetupCode(code))) {
    throw new Refusal(
      "forbidden",
      "That is not the setup code. Open the address that the start of Lapse printed.",
    )
  }
  const claim = (await hasMember()) ? null : await createFirstAdmin(admin)
  if (!claim) throw new Refusal("gone", "This Lapse is already set up. Sign in instead.")
  return claim
}

/** Inserts the admin while no member exists, whatever runs at the same time; null when there is one. */
export async function createFirstAdmin({
  name,
  email,
  password,
}: NewMember): Promise<SessionClaim | null> {
  const passwordHash = await hashPassword(password)
  return db.$transaction(async (tx) => {
    await lockInstallation(tx)
    if (await tx.member.findFirst({ select: { id: true } })) return null
    const { id, sessionEpoch } = await tx.member.create({
      data: { name, email, passwordHash, role: "admin" },
      select: { id: true, sessionEpoch: true },
    })
    await tx.installation.update({
      where: { id: 1 },
      data: { setupDoneAt: new Date() },
      select: { id: true },
    })
    await recordAudit(tx, { actorId: id, action: "member.first", targetId: id })
    return { memberId: id, sessionEpoch }
  })
}
