import "server-only"
import { providerName } from "#lib/adapters/configuration.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { changeCredentials } from "../change-credentials.ts"
import { isTaken, type Profile, writeProfile } from "../profile/write-profile.ts"
import type { ProviderPerson } from "./judge-claims.ts"

/**
 * Sets a linked member's name and address to those from the provider, with an audit entry. An
 * address is used only if the provider has verified it and no other member has it.
 */
export async function followProfile(id: string, person: ProviderPerson): Promise<void> {
  const { sentName, email } = person
  const name = sentName === null ? {} : { name: sentName }
  if (!("address" in email)) return write(id, name)
  await write(id, { ...name, email: email.address }).catch((error: unknown) => {
    if (!isTaken(error)) throw error
    return write(id, name)
  })
}

const write = (id: string, sent: Partial<Profile>) =>
  changeCredentials({ by: null, of: id }, async (tx) => {
    for (const { what, before } of await writeProfile(tx, id, sent)) {
      const details = { before, how: "provider", provider: providerName() }
      await recordAudit(tx, { actorId: id, action: `member.${what}`, targetId: id, details })
    }
  })
