import { randomUUID } from "node:crypto"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"

type Wanted = {
  name?: string
  slug?: string
  group?: string | null
  manager?: string
  people?: string[]
}

/** Creates a team with a manager and other people, and returns its id, as builders take that of an owner. */
export async function aTeam({
  name = "Accounting",
  slug = `team-${randomUUID().slice(0, 8)}`,
  group = null,
  manager,
  people = [],
}: Wanted = {}): Promise<PersonId> {
  const id = randomUUID()
  const persons = [
    ...(manager === undefined ? [] : [{ memberId: manager, manager: true }]),
    ...people.map((memberId) => ({ memberId, manager: false })),
  ]
  await db.member.create({
    data: {
      ...{ id, kind: "team", name, email: `team-${id}@invalid`, passwordHash: "team" },
      team: { create: { slug, group, members: { create: persons } } },
    },
    select: { id: true },
  })
  return id as PersonId
}
