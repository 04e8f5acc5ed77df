import "server-only"
import type { Tx } from "#lib/db.ts"
import { plainName } from "#lib/text/plain-text.ts"

/** Returns how a mail names a member who caused it. */
export async function findPerson(tx: Tx, id: string): Promise<{ name: string; address: string }> {
  const { name, email } = await tx.member.findUniqueOrThrow({
    where: { id },
    select: { name: true, email: true },
  })
  return { name: plainName(name), address: email }
}
