import { randomUUID } from "node:crypto"
import type { AdminId, MemberId, Role } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"

type Wanted = {
  name?: string
  email?: string
  role?: Role
  passwordHash?: string
  disabledAt?: Date | null
}

/** Makes a member; the id is what a checked session gives. */
export async function aMember(wanted: Wanted = {}): Promise<MemberId> {
  const { id } = await db.member.create({
    data: {
      name: "Ada Lovelace",
      email: `${randomUUID()}@example.org`,
      passwordHash: "no password",
      ...wanted,
    },
    select: { id: true },
  })
  return id as MemberId
}

/** Makes an admin; the id is what a checked session gives. */
export async function anAdmin(wanted: Omit<Wanted, "role"> = {}): Promise<AdminId> {
  return (await aMember({ name: "Grace Hopper", ...wanted, role: "admin" })) as AdminId
}
