import { randomUUID } from "node:crypto"
import { db } from "#lib/adapters/database.ts"
import {
  type AdminId,
  type OwnerId,
  type PersonId,
  type Role,
  roleColumns,
} from "#lib/rooms/accounts/member.ts"

type Wanted = {
  name?: string
  email?: string
  role?: Role
  passwordHash?: string
  disabledAt?: Date | null
}

/** Creates a member and returns the id, as a checked session would. */
export async function aMember({ role = "member", ...wanted }: Wanted = {}): Promise<PersonId> {
  const { id } = await db.member.create({
    data: {
      name: "Ada Lovelace",
      email: `${randomUUID()}@example.org`,
      passwordHash: "no password",
      ...roleColumns(role),
      ...wanted,
    },
    select: { id: true },
  })
  return id as PersonId
}

/** Creates an admin and returns the id, as a checked session would. */
export async function anAdmin(wanted: Omit<Wanted, "role"> = {}): Promise<AdminId & OwnerId> {
  return (await aMember({ name: "Grace Hopper", ...wanted, role: "admin" })) as AdminId & OwnerId
}
