import "server-only"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { providerName } from "#lib/configuration.ts"
import { db } from "#lib/db.ts"
import { changeCredentials } from "../change-credentials.ts"
import { isTaken, writeProfile } from "../profile/write-profile.ts"
import type { ProviderPerson } from "./claims.ts"

/**
 * Gives a linked member the name and the address that the provider sent, with an audit entry. An
 * address counts if the provider vouches for it and no other member has it.
 */
export async function followProfile(id: string, person: ProviderPerson): Promise<void> {
  const before = await db.member.findUniqueOrThrow({
    where: { id },
    select: { name: true, email: true },
  })
  const name = person.sentName ?? before.name
  const email = "address" in person.email ? person.email.address : before.email
  const isFree =
    email === before.email || (await db.member.count({ where: { email, id: { not: id } } })) === 0
  const sent = { name, email: isFree ? email : before.email }
  if (sent.name === before.name && sent.email === before.email) return
  try {
    await changeCredentials({ by: null, of: id }, async (tx) => {
      for (const { what, before } of await writeProfile(tx, id, sent)) {
        const details = { before, how: "provider", provider: providerName() }
        await recordAudit(tx, { actorId: id, action: `member.${what}`, targetId: id, details })
      }
    })
  } catch (error) {
    if (!isTaken(error)) throw error // somebody took the address meanwhile
  }
}
