import "server-only"
import { configuration, hasPasswords } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { NO_PASSWORD } from "../sign-in/password.ts"

type SignInWays = {
  password: boolean
  /** When the member was linked to the provider, ISO 8601 UTC; null if not linked. */
  linkedAt: string | null
}

export async function findSignInWays(member: string): Promise<SignInWays> {
  const { passwordHash, identities } = await db.member.findUniqueOrThrow({
    where: { id: member },
    select: {
      passwordHash: true,
      identities: {
        where: { issuer: configuration.OIDC_ISSUER ?? "" },
        select: { createdAt: true },
      },
    },
  })
  return {
    password: hasPasswords() && passwordHash !== NO_PASSWORD,
    linkedAt: identities[0]?.createdAt.toISOString() ?? null,
  }
}
