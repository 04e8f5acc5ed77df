import "server-only"
import { configuration, providerName } from "#lib/adapters/configuration.ts"
import { Prisma, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { endResets } from "../passwords/end-resets.ts"

/** The name and address by which admins, visitors and mail know a member. */
export type Profile = { name: string; email: string }

type Written = { what: keyof Profile; before: string; after: string }

/**
 * Writes the name and the address of a member in a transaction of `changeCredentials`, and returns
 * what changed. Ends password links that were sent to a former address. Refuses `not_found`. Throws
 * a unique violation (`isTaken`) if another member has the address.
 */
export async function writeProfile(
  tx: Tx,
  id: string,
  wanted: Partial<Profile>,
): Promise<Written[]> {
  const before = await tx.member.findUnique({
    where: { id, kind: "person", deletedAt: null },
    select: { name: true, email: true },
  })
  if (!before) throw refusal("not_found", "no_member")
  const after = { ...before, ...wanted }
  const changed = (["name", "email"] as const)
    .filter((what) => after[what] !== before[what])
    .map((what) => ({ what, before: before[what], after: after[what] }))
  if (changed.length === 0) return []
  await tx.member.update({ where: { id }, data: after, select: { id: true } })
  if (after.email !== before.email) await endResets(tx, id)
  return changed
}

/** Whether an error says that another member has the address. */
export const isTaken = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002"

/** Refuses (conflict) to change a linked member, whose name and address the provider sets. */
export async function requireUnlinked(tx: Tx, memberId: string): Promise<void> {
  const issuer = configuration.OIDC_ISSUER ?? ""
  if ((await tx.identity.count({ where: { memberId, issuer } })) === 0) return
  throw refusal("conflict", "linked_profile", { provider: providerName() ?? "" })
}
