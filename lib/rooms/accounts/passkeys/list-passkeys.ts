import "server-only"
import { db, type Prisma } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import type { ActingMember, MemberId } from "#lib/rooms/accounts/member.ts"
import type { PasskeyEdit, PasskeyView } from "./passkey.ts"
import { passkeyHost } from "./passkey-host.ts"

export const passkeyColumns = {
  id: true,
  name: true,
  backedUp: true,
  createdAt: true,
  lastUsedAt: true,
  rpId: true,
} as const

type Row = Prisma.PasskeyGetPayload<{ select: typeof passkeyColumns }>

export const passkeyView = ({ createdAt, lastUsedAt, rpId, ...same }: Row): PasskeyView => ({
  ...same,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  otherHost: rpId === passkeyHost() ? null : rpId,
})

export async function listPasskeys(
  member: MemberId,
): Promise<{ items: PasskeyView[]; nextCursor: null }> {
  const rows = await db.passkey.findMany({
    where: { memberId: member },
    orderBy: { id: "asc" },
    select: passkeyColumns,
  })
  return { items: rows.map(passkeyView), nextCursor: null }
}

/** Renames a passkey of the member. Refuses `not_found`. */
export async function renamePasskey(
  by: ActingMember,
  id: string,
  { name }: PasskeyEdit,
): Promise<PasskeyView> {
  return changeCredentials({ by }, async (tx) => {
    const [row] = isUuid(id)
      ? await tx.passkey.updateManyAndReturn({
          where: { id, memberId: by.id },
          data: { name },
          select: passkeyColumns,
        })
      : []
    if (!row) throw refusal("not_found", "no_passkey")
    return passkeyView(row)
  })
}

/** Whether a passkey of any member works at this address. */
export async function hasPasskeys(): Promise<boolean> {
  const rpId = passkeyHost()
  if (rpId === null) return false
  return (await db.passkey.findFirst({ where: { rpId }, select: { id: true } })) !== null
}
